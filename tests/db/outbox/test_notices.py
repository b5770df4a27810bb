"""Notices of one chat share a message while it is young."""

from datetime import timedelta

import asyncpg
import pytest

from bot.services.bookings.decisions import BookingService
from bot.services.outbox.delivery import Delivery, DeliveryService
from bot.services.outbox.outcomes import Ended
from bot.views.outbox import Notice
from db.models.outbox import MessageState, Reason
from tests.db.outbox.delivering import ANNA, BLOCKED, a_welcome, next_one
from tests.support.school import MakeBooking

STATES = "SELECT state, reason FROM booking_desk.outbox WHERE kind = 'unreached' ORDER BY id"
DUE = "UPDATE booking_desk.outbox SET due_at = now() + interval '1 day' WHERE kind = 'unreached'"
ALL_DUE = "UPDATE booking_desk.outbox SET due_at = now() WHERE kind = 'unreached'"


@pytest.fixture
async def notice(
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> Delivery:
    """The claimed notice of three students, whose notices were due at once."""
    for student in (101, 102, 103):
        booking = await make_booking(user_id=student, first_name=f"S{student}")
        await bookings.confirm(booking, revision=1, by=ANNA)
        await service.record((await a_welcome(service, sql)).claim, BLOCKED, text="")
        await sql.execute(DUE)
    await sql.execute(ALL_DUE)
    claimed = await next_one(service, sql)
    assert claimed is not None
    return claimed


async def states(sql: asyncpg.Connection) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in await sql.fetch(STATES)]


async def test_the_first_takes_over_all_that_is_queued_for_its_chat(
    notice: Delivery, sql: asyncpg.Connection
) -> None:
    assert isinstance(notice.brief, Notice)
    assert len(notice.brief.in_trouble) == 3
    assert await states(sql) == [("sending", None), *[("withdrawn", "merged")] * 2]


@pytest.mark.parametrize("end", [MessageState.FAILED, MessageState.UNKNOWN])
async def test_what_it_took_over_is_queued_again_if_it_does_not_arrive(
    service: DeliveryService, notice: Delivery, sql: asyncpg.Connection, end: MessageState
) -> None:
    await service.record(notice.claim, Ended(end, Reason.REFUSED), text="")

    assert await states(sql) == [(end, "refused"), *[("queued", None)] * 2]
    following = await next_one(service, sql, timedelta(minutes=1))
    assert following is not None
    assert isinstance(following.brief, Notice)
    assert len(following.brief.in_trouble) == 2


async def test_a_notice_that_waits_for_its_reader_keeps_what_it_took_over(
    service: DeliveryService, notice: Delivery, sql: asyncpg.Connection
) -> None:
    await service.record(notice.claim, BLOCKED, text="")

    assert await states(sql) == [("waiting", "blocked"), *[("withdrawn", "merged")] * 2]
