"""Welcomes to students whom the bot cannot reach, and notices to admins about them."""

from datetime import timedelta

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.outbox.delivery import MOST_ATTEMPTS, DeliveryService
from bot.services.outbox.outcomes import Sent
from bot.services.upkeep import UpkeepService
from db.database import Database
from db.models.audit import Actor
from tests.db.outbox.delivering import (
    ANNA,
    BLOCKED,
    a_welcome,
    next_one,
    out_of_reach,
    outbox,
    vera_starts,
)
from tests.support.school import BORIS_ID, MakeBooking


async def test_a_student_who_comes_while_the_refusal_is_on_its_way_is_written_to_again(
    db: Database,
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await bookings.confirm(await make_booking(), revision=1, by=ANNA)
    held = await a_welcome(service, sql)

    await vera_starts(db)
    await service.record(held.claim, BLOCKED, text="")

    assert await outbox(sql) == [("welcome", "queued", "blocked")]


async def test_a_student_out_of_reach_is_told_of_once_however_often_it_is_tried(
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await bookings.confirm(await make_booking(), revision=1, by=ANNA)

    for _ in range(2):
        await sql.execute(
            "UPDATE booking_desk.outbox SET state = 'queued', due_at = '-infinity'"
            " WHERE kind = 'welcome'"
        )
        held = await a_welcome(service, sql)
        await service.record(held.claim, BLOCKED, text="")

    assert await outbox(sql) == [
        ("welcome", "waiting", "blocked"),
        ("unreached", "queued", None),
    ]


async def test_who_is_no_admin_any_more_is_told_nothing(
    db: Database, service: DeliveryService, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    boris = Actor(id=BORIS_ID, name="Boris")
    bookings = BookingService(Desk(db, Staff({boris.id})), grace=timedelta(0))
    await bookings.confirm(await make_booking(), revision=1, by=boris)

    await service.record((await a_welcome(service, sql)).claim, BLOCKED, text="")

    notices = await sql.fetch("SELECT chat_id FROM booking_desk.outbox WHERE kind = 'unreached'")
    assert [row["chat_id"] for row in notices] == [ANNA.id]


async def test_a_word_about_a_student_who_was_reached_meanwhile_is_not_said(
    db: Database,
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await out_of_reach(service, bookings, await make_booking(), sql)

    await vera_starts(db)

    assert await next_one(service, sql) is None
    await service.record((await a_welcome(service, sql)).claim, Sent(7), text="")
    assert await outbox(sql) == [
        ("welcome", "sent", None),
        ("unreached", "withdrawn", "settled"),
    ]


async def test_a_word_that_was_not_needed_is_said_when_the_student_is_out_of_reach_again(
    db: Database,
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """The student comes, which settles the notice to the admin, and leaves before the welcome."""
    await out_of_reach(service, bookings, await make_booking(), sql)
    await vera_starts(db)
    await next_one(service, sql)
    settled = await outbox(sql)

    await service.record((await a_welcome(service, sql)).claim, BLOCKED, text="")

    assert settled[1] == ("unreached", "withdrawn", "settled")
    assert await outbox(sql) == [
        ("welcome", "waiting", "blocked"),
        ("unreached", "queued", None),
    ]


async def test_who_comes_back_after_many_attempts_is_written_to_as_often_again(
    db: Database,
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await out_of_reach(service, bookings, await make_booking(), sql)
    await sql.execute("UPDATE booking_desk.outbox SET attempts = $1", MOST_ATTEMPTS)
    await vera_starts(db)
    await next_one(service, sql)

    message = (await a_welcome(service, sql)).claim.message

    assert (message.attempts, message.tries) == (MOST_ATTEMPTS + 1, 1)


@pytest.mark.parametrize(
    ("owed", "tried", "again"),
    [
        ("1 hour", "14 minutes", False),
        ("1 hour", "16 minutes", True),
        ("20 hours", "1 hour", False),
        ("20 hours", "2 hours", True),
        ("90 days", "5 hours", False),
        ("90 days", "7 hours", True),
    ],
)
async def test_what_waits_is_tried_again_the_more_rarely_the_longer_it_waits(
    db: Database,
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    owed: str,
    tried: str,
    again: bool,
) -> None:
    await bookings.confirm(await make_booking(), revision=1, by=ANNA)
    delivery = await a_welcome(service, sql)
    await service.record(delivery.claim, BLOCKED, text="Hello")
    await sql.execute(
        "UPDATE booking_desk.outbox"
        f" SET created_at = now() - interval '{owed}', ended_at = now() - interval '{tried}'"
    )

    await UpkeepService(db).probe()

    state = "queued" if again else "waiting"
    assert (await outbox(sql))[0] == ("welcome", state, "blocked")
