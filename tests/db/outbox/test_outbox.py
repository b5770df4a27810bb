"""Messages owed to people: owed once, held by one worker, and never forgotten."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from db.database import Database, UnitOfWork
from db.models.outbox import WELCOME, Claim, Message, MessageState, Reason, Sender
from tests.db.outbox.owing import BOT, HELD, KINDS, Owe, claim, reclaim, welcome
from tests.support.school import VERA_ID

EXPIRED: Final = timedelta(0)


async def claim_again(db: Database, sql: asyncpg.Connection) -> Claim:
    """Claim the one message there is, as if its chat's second were over."""
    await sql.execute("DELETE FROM booking_desk.chat_gates")
    [held] = await claim(db)
    return held


async def end(db: Database, held: Claim, state: MessageState) -> bool:
    async with db.transaction() as uow:
        return await uow.queue.end(held, state)


async def postpone(db: Database, held: Claim, delay: timedelta, *, counts: bool = True) -> None:
    async with db.transaction() as uow:
        await uow.queue.postpone(held, delay, reason=Reason.TELEGRAM_DOWN, counts=counts)


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
        mine = await first.queue.claim(BOT, list(Sender), KINDS, 3, lease=HELD)
        theirs = await second.queue.claim(BOT, list(Sender), KINDS, 3, lease=HELD)

    assert [held.id for held in mine] == owed[:3]
    assert [held.id for held in theirs] == owed[3:]


async def test_a_bot_takes_only_what_is_its_own(db: Database, owe: Owe) -> None:
    await owe()

    async with db.transaction() as uow:
        assert await uow.queue.claim(BOT, [Sender.DESK], KINDS, 10, lease=HELD) == []


async def test_a_held_message_is_nobody_elses_until_its_lease_ends(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    [held] = await claim(db)
    early = await reclaim(db)

    await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    await reclaim(db)
    again = await claim_again(db, sql)

    assert (early, again.id) == ([], held.id)
    assert (held.message.attempts, again.message.attempts) == (1, 2)


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
        await uow.queue.release(stale)

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
        await uow.queue.release(held)

    assert (await claim_again(db, sql)).message.attempts == 1


async def test_a_message_whose_request_has_left_is_not_given_back(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    [held] = await claim(db)

    async with db.transaction() as uow:
        await uow.gates.pass_through(BOT, held, timedelta(0))
        await uow.queue.release(held)

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
        seconds = await uow.queue.seconds_to_next(BOT, list(Sender), KINDS)
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


async def test_a_group_that_is_owed_a_word_under_both_of_its_numbers_is_written_to_once(
    db: Database, sql: asyncpg.Connection
) -> None:
    """STAFF_CHAT_ID was corrected while a word was still owed to the old number."""
    for booking, chat_id in ((1, -500), (1, -1000), (2, -500)):
        await welcome(db, booking, chat_id=chat_id)

    async with db.transaction() as uow:
        await uow.groups.redirect(-500, -1000)

    assert await states(sql) == ["withdrawn", "queued", "queued"]
    moved = await sql.fetchval("SELECT chat_id FROM booking_desk.outbox WHERE booking_id = 2")
    assert moved == -1000


async def test_a_withdrawal_spares_what_has_left(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    for _ in range(2):
        await owe()
    [sent, held] = await claim(db)
    await end(db, sent, MessageState.SENT)

    async with db.transaction() as uow:
        for taken in (sent, held):
            assert taken.message.booking_id is not None
            await uow.outbox.withdraw(WELCOME, taken.message.booking_id, reason=Reason.CANCELLED)

    assert await states(sql) == ["sent", "sending"]


async def test_a_withdrawn_message_is_not_sent(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    booking = await sql.fetchval("SELECT id FROM bookings")

    async with db.transaction() as uow:
        await uow.outbox.withdraw(WELCOME, booking, reason=Reason.CANCELLED)

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
