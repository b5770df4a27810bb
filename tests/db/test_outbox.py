"""What is owed to people: owed once, held by one worker, and never forgotten."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from db.database import Database, UnitOfWork
from db.models import Claim, Message, MessageKind, MessageState, Reason, Sender
from tests.conftest import VERA_ID, MakeBooking

BOT: Final = 1001
HELD: Final = timedelta(minutes=1)
EXPIRED: Final = timedelta(0)
AT_ONCE: Final = timedelta(0)

Owe = Callable[..., Awaitable[int]]


@pytest.fixture
async def owe(db: Database, make_booking: MakeBooking, sql: asyncpg.Connection) -> Owe:
    """Owe a welcome for a new booking, to somebody else each time, and return its id."""
    async with db.transaction() as uow:
        await uow.gates.build(BOT)

    async def owe(user_id: int | None = None) -> int:
        booking = await make_booking(user_id=user_id or VERA_ID, confirmed=2)
        await welcome(db, booking, chat_id=user_id or VERA_ID + booking)
        message: int = await sql.fetchval("SELECT max(id) FROM booking_desk.outbox")
        return message

    return owe


async def welcome(
    db: Database, booking: int, *, chat_id: int = VERA_ID, revision: int = 2
) -> None:
    async with db.transaction() as uow:
        await uow.outbox.owe(
            MessageKind.WELCOME,
            booking_id=booking,
            revision=revision,
            chat_id=chat_id,
            sender=Sender.STUDENTS,
        )


async def claim(db: Database, *, lease: timedelta = HELD, limit: int = 10) -> list[Claim]:
    async with db.transaction() as uow:
        return list(await uow.deliveries.claim(BOT, list(Sender), limit, lease=lease))


async def claim_again(db: Database, sql: asyncpg.Connection) -> Claim:
    """Claim the one message there is, as if its chat's second were over."""
    await sql.execute("DELETE FROM booking_desk.chat_gates")
    [held] = await claim(db)
    return held


async def reclaim(db: Database) -> list[int]:
    async with db.transaction() as uow:
        return [message.id for message in await uow.deliveries.reclaim()]


async def end(db: Database, held: Claim, state: MessageState) -> bool:
    async with db.transaction() as uow:
        return await uow.deliveries.end(held, state)


async def postpone(db: Database, held: Claim, delay: timedelta, *, counts: bool = True) -> None:
    async with db.transaction() as uow:
        await uow.deliveries.postpone(held, delay, reason=Reason.TELEGRAM_DOWN, counts=counts)


async def states(sql: asyncpg.Connection) -> list[str]:
    rows = await sql.fetch("SELECT state FROM booking_desk.outbox ORDER BY id")
    return [row["state"] for row in rows]


async def test_a_message_is_owed_once_for_each_revision(
    db: Database, sql: asyncpg.Connection
) -> None:
    for revision in (2, 2, 4):
        await welcome(db, 1, revision=revision)

    assert await states(sql) == ["queued", "queued"]


async def test_two_workers_never_hold_the_same_message(db: Database, owe: Owe) -> None:
    owed = [await owe() for _ in range(5)]

    async with db.transaction() as first, db.transaction() as second:
        mine = await first.deliveries.claim(BOT, list(Sender), 3, lease=HELD)
        theirs = await second.deliveries.claim(BOT, list(Sender), 3, lease=HELD)

    assert [held.id for held in mine] == owed[:3]
    assert [held.id for held in theirs] == owed[3:]


async def test_a_bot_takes_only_what_is_its_own(db: Database, owe: Owe) -> None:
    await owe()

    async with db.transaction() as uow:
        assert await uow.deliveries.claim(BOT, [Sender.DESK], 10, lease=HELD) == []


async def test_a_chat_gets_one_message_at_a_time(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    first, second = await owe(VERA_ID), await owe(VERA_ID)

    held, not_yet = await claim(db), await claim(db)
    await sql.execute("UPDATE booking_desk.chat_gates SET free_at = now()")
    later = await claim(db)

    assert ([each.id for each in held], not_yet) == ([first], [])
    assert [each.id for each in later] == [second]


async def test_two_workers_that_race_for_one_chat_hold_one_message_of_it(
    db: Database, owe: Owe
) -> None:
    for _ in range(6):
        await owe(VERA_ID)

    claims = await asyncio.gather(*(claim(db, limit=1) for _ in range(6)))

    assert len([held for each in claims for held in each]) == 1


@pytest.mark.parametrize(("chat_id", "seconds"), [(VERA_ID, 1), (-100, 3)])
async def test_a_person_is_written_to_once_a_second_and_a_group_20_times_a_minute(
    db: Database, owe: Owe, sql: asyncpg.Connection, chat_id: int, seconds: int
) -> None:
    await owe(chat_id)
    [held] = await claim(db)

    async with db.transaction() as uow:
        await uow.gates.pass_through(BOT, held, timedelta(0))

    closed_for = await sql.fetchval(
        """
        SELECT free_at - departed_at
          FROM booking_desk.outbox JOIN booking_desk.chat_gates USING (chat_id)
        """
    )
    assert timedelta(0) <= closed_for - timedelta(seconds=seconds) < timedelta(seconds=0.1)


async def test_a_message_that_waited_too_long_lets_its_chats_next_one_be_first(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    """A chat is not kept for a claim for ever, and two of them may end up held."""
    await owe(VERA_ID)
    await owe(VERA_ID)
    [slow] = await claim(db, limit=1)
    await sql.execute("UPDATE booking_desk.chat_gates SET free_at = now()")
    slow = replace(slow, claimed_at=slow.claimed_at - timedelta(minutes=1))
    [quick] = await claim(db, limit=1)

    async with db.transaction() as uow:
        held_up = await uow.gates.pass_through(BOT, slow, AT_ONCE)
        passed = await uow.gates.pass_through(BOT, quick, AT_ONCE)
        still = await uow.gates.pass_through(BOT, slow, AT_ONCE)

    assert held_up > 1
    assert passed == 0
    assert 0.5 < still <= 1


async def test_old_gates_are_forgotten_without_a_wait_for_who_uses_one(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    """Each could wait for the other one, with two gates between them."""
    await owe(VERA_ID)
    await owe(VERA_ID + 1)
    await claim(db)
    await sql.execute("UPDATE booking_desk.chat_gates SET free_at = now() - interval '1 hour'")

    async with sql.transaction():
        await sql.execute(
            "SELECT FROM booking_desk.chat_gates WHERE chat_id = $1 FOR UPDATE", VERA_ID
        )
        async with asyncio.timeout(5), db.transaction() as uow:
            await uow.gates.forget_chats()

    assert await sql.fetchval("SELECT array_agg(chat_id) FROM booking_desk.chat_gates") == [
        VERA_ID
    ]


async def test_a_held_message_is_nobody_elses_until_its_lease_ends(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    [held] = await claim(db)
    nobody = await reclaim(db)

    await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    await reclaim(db)
    again = await claim_again(db, sql)

    assert (nobody, again.id) == ([], held.id)
    assert (held.message.attempts, again.message.attempts) == (1, 2)


async def test_a_request_has_the_whole_lease_however_long_it_waited_to_leave(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    """Its worker may have had to wait for others to be answered."""
    await owe()
    [held] = await claim(db)
    await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")

    async with db.transaction() as uow:
        assert await uow.gates.pass_through(BOT, held, timedelta(0)) == 0

    assert await reclaim(db) == []
    assert await end(db, held, MessageState.SENT)


async def test_a_worker_that_lost_its_message_cannot_end_postpone_or_release_it(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    [stale] = await claim(db, lease=EXPIRED)
    await reclaim(db)
    current = await claim_again(db, sql)

    ended = await end(db, stale, MessageState.FAILED)
    await postpone(db, stale, HELD)
    async with db.transaction() as uow:
        await uow.deliveries.release(stale)

    assert not ended
    assert await states(sql) == ["sending"]
    assert await end(db, current, MessageState.SENT)
    assert not await end(db, current, MessageState.FAILED)


async def test_only_a_request_that_left_is_said_to_arrive_twice_perhaps(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    owed = [await owe(), await owe()]
    departed, _ = await claim(db, lease=EXPIRED)
    async with db.transaction() as uow:
        assert await uow.gates.pass_through(BOT, departed, timedelta(0)) == 0

    warned = await reclaim(db)

    marks = await sql.fetch("SELECT maybe_twice FROM booking_desk.outbox ORDER BY id")
    assert warned == owed[:1]
    assert [row["maybe_twice"] for row in marks] == [True, False]


async def test_a_claim_given_back_is_no_attempt_and_due_at_once(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    [held] = await claim(db)

    async with db.transaction() as uow:
        await uow.deliveries.release(held)

    assert (await claim_again(db, sql)).message.attempts == 1


async def test_a_message_whose_request_has_left_is_not_given_back(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    [held] = await claim(db)

    async with db.transaction() as uow:
        await uow.gates.pass_through(BOT, held, timedelta(0))
        await uow.deliveries.release(held)

    assert await states(sql) == ["sending"]


async def test_a_postponed_message_is_not_due_before_its_time(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    [held] = await claim(db)

    await postpone(db, held, HELD)
    await sql.execute("DELETE FROM booking_desk.chat_gates")

    assert await claim(db) == []
    async with db.snapshot() as uow:
        seconds = await uow.deliveries.seconds_to_next(BOT, list(Sender))
    assert seconds is not None
    assert 50 < seconds <= 60


@pytest.mark.parametrize(("counts", "attempts"), [(True, 2), (False, 1)])
async def test_what_telegram_asked_to_wait_for_is_no_attempt(
    db: Database, owe: Owe, sql: asyncpg.Connection, counts: bool, attempts: int
) -> None:
    await owe()
    [held] = await claim(db)

    await postpone(db, held, timedelta(0), counts=counts)
    again = await claim_again(db, sql)

    assert again.message.attempts == attempts


async def test_a_withdrawal_spares_what_has_left(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    for _ in range(2):
        await owe()
    [sent, held] = await claim(db)
    await end(db, sent, MessageState.SENT)

    async with db.transaction() as uow:
        for each in (sent, held):
            await uow.outbox.withdraw(each.message.booking_id, reason=Reason.CANCELLED)

    assert await states(sql) == ["sent", "sending"]


async def test_a_withdrawn_message_is_not_sent(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    booking = await sql.fetchval("SELECT id FROM bookings")

    async with db.transaction() as uow:
        await uow.outbox.withdraw(booking, reason=Reason.CANCELLED)

    assert await claim(db) == []
    assert await states(sql) == ["withdrawn"]


@pytest.mark.parametrize(
    ("state", "way"),
    [
        ("waiting", lambda uow, message: uow.outbox.wake(message.chat_id)),
        ("failed", lambda uow, message: uow.outbox.move(message, MessageState.QUEUED, None)),
    ],
    ids=["the student came", "an admin sends it again"],
)
async def test_what_a_person_waits_for_overtakes_what_is_in_bulk_also_the_second_time(
    db: Database,
    owe: Owe,
    sql: asyncpg.Connection,
    state: str,
    way: Callable[[UnitOfWork, Message], Awaitable[object]],
) -> None:
    _, theirs = await owe(), await owe()
    await sql.execute("UPDATE booking_desk.outbox SET priority = 10")
    await sql.execute("UPDATE booking_desk.outbox SET state = $2 WHERE id = $1", theirs, state)

    async with db.transaction() as uow:
        message = await uow.messages.get(theirs)
        assert message is not None
        await way(uow, message)

    [held] = await claim(db, limit=1)
    assert held.id == theirs


async def test_starting_the_bot_wakes_what_waits_for_that_person_alone(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    mine, _ = await owe(VERA_ID), await owe(VERA_ID + 1)
    for held in await claim(db):
        await end(db, held, MessageState.WAITING)

    async with db.transaction() as uow:
        woken = await uow.outbox.wake(VERA_ID)

    assert woken == 1
    assert (await claim_again(db, sql)).id == mine
    assert await states(sql) == ["sending", "waiting"]
