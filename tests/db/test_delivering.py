"""What a worker is given to send, and what becomes of it when things happen meanwhile."""

import asyncio
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from bot.errors import UndoTooLate
from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.outbox.delivery import (
    MOST_ATTEMPTS,
    Delivery,
    DeliveryService,
    Ended,
    Later,
    Outcome,
    Paused,
    Sent,
)
from bot.services.students import StudentService
from bot.services.upkeep import UpkeepService
from db.database import Database
from db.models.audit import Actor
from db.models.bookings import Reachability
from db.models.outbox import MessageState, Reason, Sender
from tests.support.kinds import the_kinds
from tests.support.school import ANNA_ID, BORIS_ID, VERA_ID, MakeBooking

ANNA: Final = Actor(id=ANNA_ID, name="Anna")
BOT: Final = 1001
HELD: Final = timedelta(minutes=1)
BLOCKED: Final = Ended(MessageState.WAITING, Reason.BLOCKED, Reachability.BLOCKED)


@pytest.fixture
async def service(db: Database) -> DeliveryService:
    service = DeliveryService(db, the_kinds(), bot_id=BOT, senders=list(Sender), rate=1000)
    await service.open()
    return service


@pytest.fixture
def bookings(db: Database) -> BookingService:
    return BookingService(Desk(db, Staff({ANNA.id})), grace=timedelta(0))


async def next_one(
    service: DeliveryService, sql: asyncpg.Connection, lease: timedelta = HELD
) -> Delivery | None:
    """Claim a message, as if nothing had been sent to its chat lately."""
    await sql.execute("DELETE FROM booking_desk.chat_gates")
    claimed = await service.claim(1, lease=lease)
    return claimed[0] if claimed else None


async def a_welcome(service: DeliveryService, sql: asyncpg.Connection) -> Delivery:
    delivery = await next_one(service, sql)
    assert delivery is not None
    return delivery


async def out_of_reach(
    service: DeliveryService, bookings: BookingService, booking: int, sql: asyncpg.Connection
) -> None:
    """Confirm the booking of a student who has blocked the bot."""
    await bookings.confirm(booking, revision=1, by=ANNA)
    await service.record((await a_welcome(service, sql)).claim, BLOCKED, text="")


async def vera_starts(db: Database) -> None:
    students = StudentService(db, bot_id=BOT, grace=timedelta(0))
    await students.start(VERA_ID, first_name="Vera", username=None, language="en", bot_id=BOT)


async def outbox(sql: asyncpg.Connection) -> list[tuple[str, str, str | None]]:
    rows = await sql.fetch("SELECT kind, state, reason FROM booking_desk.outbox ORDER BY id")
    return [tuple(row) for row in rows]


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

    told = await sql.fetch("SELECT chat_id FROM booking_desk.outbox WHERE kind = 'unreached'")
    assert [row["chat_id"] for row in told] == [ANNA.id]


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
    """The student comes, which settles the word to the admin, and goes before the welcome."""
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


async def test_a_welcome_under_way_is_not_repeated_once_the_booking_was_confirmed_anew(
    service: DeliveryService,
    bookings: BookingService,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """A cancellation cannot withdraw what is leaving; the new confirmation owes its own."""
    booking = await make_booking()
    await bookings.confirm(booking, revision=1, by=ANNA)
    first = await a_welcome(service, sql)

    await bookings.cancel(booking, revision=2, by=ANNA)
    await bookings.confirm(booking, revision=3, by=ANNA)
    await service.record(first.claim, Later(Reason.TELEGRAM_DOWN, timedelta(0)), text="")
    sent = [await next_one(service, sql) for _ in range(2)]

    assert len([each for each in sent if each is not None]) == 1
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
