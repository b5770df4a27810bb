"""The messages that a worker gets to send, and events that happen meanwhile."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from bot.errors import UndoTooLate
from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.outbox.delivery import MOST_ATTEMPTS, DeliveryService
from bot.services.outbox.outcomes import Later, Outcome, Paused, Sent
from db.database import Database
from db.models.outbox import Reason
from tests.db.outbox.delivering import ANNA, a_welcome, next_one, outbox
from tests.db.outbox.owing import HELD
from tests.support.school import VERA_ID, MakeBooking


async def test_a_message_that_kills_its_worker_every_time_ends_as_failed(
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await bookings.confirm(await make_booking(), revision=1, by=ANNA)

    for _ in range(MOST_ATTEMPTS):
        held = await next_one(service, sql, lease=timedelta(0))
        assert held is not None
        assert await service.pass_gate(held.claim) == 0
        [lost] = await service.reclaim()
        assert lost.maybe_twice

    assert await next_one(service, sql) is None
    assert await outbox(sql) == [
        ("welcome", "failed", "gave_up"),
        ("unreached", "queued", None),
    ]


@pytest.mark.parametrize(
    "outcome", [Later(Reason.TELEGRAM_DOWN, timedelta(0)), Paused(timedelta(0))]
)
async def test_what_was_tried_is_kept_as_it_was_tried(
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    outcome: Outcome,
) -> None:
    await bookings.confirm(await make_booking(), revision=1, by=ANNA)

    await service.record((await a_welcome(service, sql)).claim, outcome, text="Welcome!")

    assert await sql.fetchval("SELECT text FROM booking_desk.outbox") == "Welcome!"


async def test_a_welcome_under_way_is_not_repeated_once_the_booking_was_confirmed_anew(
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """A cancellation cannot withdraw a leaving message; the new confirmation owes its own."""
    booking = await make_booking()
    await bookings.confirm(booking, revision=1, by=ANNA)
    first = await a_welcome(service, sql)

    await bookings.cancel(booking, revision=2, by=ANNA)
    await bookings.confirm(booking, revision=3, by=ANNA)
    await service.record(first.claim, Later(Reason.TELEGRAM_DOWN, timedelta(0)), text="")
    sent = [await next_one(service, sql) for _ in range(2)]

    assert len([delivery for delivery in sent if delivery is not None]) == 1
    assert [state for _, state, _ in await outbox(sql)] == ["withdrawn", "sending"]


async def test_a_welcome_under_way_is_not_repeated_once_the_booking_was_cancelled(
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    await bookings.confirm(booking, revision=1, by=ANNA)
    held = await a_welcome(service, sql)

    await bookings.cancel(booking, revision=2, by=ANNA)
    await service.record(held.claim, Later(Reason.TELEGRAM_DOWN, timedelta(0)), text="")

    assert await next_one(service, sql) is None
    assert await outbox(sql) == [("welcome", "withdrawn", "not_confirmed")]


async def test_a_pause_holds_from_the_moment_it_is_written(
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    for user_id in (VERA_ID, VERA_ID + 1, VERA_ID + 2):
        await bookings.confirm(await make_booking(user_id=user_id), revision=1, by=ANNA)
    *refused, waiting = await service.claim(3, lease=HELD)

    for each in refused:
        await service.record(each.claim, Paused(timedelta(seconds=30)), text="")

    assert 29 < await service.pass_gate(waiting.claim) <= 30
    assert await service.claim(2, lease=HELD) == []
    seconds = await service.seconds_to_next()
    assert seconds is not None
    assert 29 < seconds <= 30


async def test_refusals_with_a_message_taken_in_between_pause_their_chats_alone(
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    for user_id in (VERA_ID, VERA_ID + 1, VERA_ID + 2, VERA_ID + 3):
        await bookings.confirm(await make_booking(user_id=user_id), revision=1, by=ANNA)
    first, taken, second, waiting = await service.claim(4, lease=HELD)

    await service.record(first.claim, Paused(timedelta(seconds=30)), text="")
    await service.record(taken.claim, Sent(7), text="")
    await service.record(second.claim, Paused(timedelta(seconds=30)), text="")

    assert await service.pass_gate(waiting.claim) < 1
    held = "SELECT count(*) FROM booking_desk.chat_gates WHERE free_at > now() + '29 seconds'"
    assert await sql.fetchval(held) == 2


async def test_of_an_undo_and_a_send_that_race_one_wins(
    db: Database,
    service: DeliveryService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    bookings = BookingService(Desk(db, Staff({ANNA.id})), grace=HELD)
    for _ in range(12):
        booking = await make_booking()
        await bookings.confirm(booking, revision=1, by=ANNA)
        await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")

        _, undone = await asyncio.gather(
            next_one(service, sql),
            bookings.undo(booking, revision=2, by=ANNA),
            return_exceptions=True,
        )

        row = await sql.fetchrow(
            "SELECT bookings.confirmed, state FROM bookings JOIN booking_desk.outbox"
            " ON booking_id = bookings.id WHERE bookings.id = $1",
            booking,
        )
        too_late = isinstance(undone, UndoTooLate)
        assert tuple(row) == ((2, "sending") if too_late else (1, "withdrawn"))


async def test_a_welcome_of_which_a_part_was_sent_cannot_be_undone_and_can_be_withdrawn(
    db: Database, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    bookings = BookingService(Desk(db, Staff({ANNA.id})), grace=HELD)
    booking = await make_booking()
    await bookings.confirm(booking, revision=1, by=ANNA)
    await sql.execute("UPDATE booking_desk.outbox SET done = 1")

    with pytest.raises(UndoTooLate):
        await bookings.undo(booking, revision=2, by=ANNA)
    undone = await outbox(sql)
    await bookings.cancel(booking, revision=2, by=ANNA)

    assert undone == [("welcome", "queued", None)]
    assert await outbox(sql) == [("welcome", "withdrawn", "cancelled")]
