"""What is owed to students: owed once, held by one worker, and never forgotten."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
import pytest

from db.database import Database
from db.models import Claim, MessageKind, MessageState, Reason
from tests.conftest import VERA_ID, MakeBooking

HELD = timedelta(minutes=1)
EXPIRED = timedelta(0)

Owe = Callable[..., Awaitable[int]]


@pytest.fixture
def owe(db: Database, make_booking: MakeBooking, sql: asyncpg.Connection) -> Owe:
    """Owe a welcome for a new booking and return the message's id."""

    async def owe(user_id: int = VERA_ID) -> int:
        booking = await make_booking(user_id=user_id, confirmed=2)
        async with db.transaction() as uow:
            await uow.outbox.owe(
                MessageKind.WELCOME, booking_id=booking, user_id=user_id, revision=2
            )
        message: int = await sql.fetchval("SELECT max(id) FROM booking_desk.outbox")
        return message

    return owe


async def claim(db: Database, *, lease: timedelta = HELD, limit: int = 10) -> list[Claim]:
    async with db.transaction() as uow:
        return list(await uow.outbox.claim(limit, lease=lease))


async def end(db: Database, held: Claim, state: MessageState) -> bool:
    async with db.transaction() as uow:
        return await uow.outbox.end(held, state)


async def postpone(db: Database, held: Claim, delay: timedelta, *, counts: bool = True) -> None:
    async with db.transaction() as uow:
        await uow.outbox.postpone(held, delay, reason=Reason.TELEGRAM_DOWN, counts=counts)


async def states(sql: asyncpg.Connection) -> list[str]:
    rows = await sql.fetch("SELECT state FROM booking_desk.outbox ORDER BY id")
    return [row["state"] for row in rows]


async def test_a_message_is_owed_once_for_each_revision(
    db: Database, sql: asyncpg.Connection
) -> None:
    for revision in (2, 2, 4):
        async with db.transaction() as uow:
            await uow.outbox.owe(
                MessageKind.WELCOME, booking_id=1, user_id=VERA_ID, revision=revision
            )

    assert await states(sql) == ["queued", "queued"]


async def test_two_workers_never_hold_the_same_message(db: Database, owe: Owe) -> None:
    owed = [await owe() for _ in range(5)]

    async with db.transaction() as first, db.transaction() as second:
        mine = await first.outbox.claim(3, lease=HELD)
        theirs = await second.outbox.claim(3, lease=HELD)

    assert [held.id for held in mine] == owed[:3]
    assert [held.id for held in theirs] == owed[3:]


async def test_a_held_message_is_nobody_elses_until_its_lease_ends(db: Database, owe: Owe) -> None:
    await owe()
    [held] = await claim(db, lease=EXPIRED)

    [again] = await claim(db, lease=HELD)

    assert (again.id, held.attempts, again.attempts) == (held.id, 1, 2)
    assert await claim(db) == []


async def test_a_worker_that_lost_its_message_cannot_end_or_postpone_it(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    await owe()
    [stale] = await claim(db, lease=EXPIRED)
    [current] = await claim(db)

    ended = await end(db, stale, MessageState.FAILED)
    await postpone(db, stale, HELD)

    assert not ended
    assert await states(sql) == ["sending"]
    assert await end(db, current, MessageState.SENT)
    assert not await end(db, current, MessageState.FAILED)


async def test_a_postponed_message_is_not_due_before_its_time(db: Database, owe: Owe) -> None:
    await owe()
    [held] = await claim(db)

    await postpone(db, held, HELD)

    assert await claim(db) == []


@pytest.mark.parametrize(("counts", "attempts"), [(True, 2), (False, 1)])
async def test_what_telegram_asked_to_wait_for_is_no_attempt(
    db: Database, owe: Owe, counts: bool, attempts: int
) -> None:
    await owe()
    [held] = await claim(db)

    await postpone(db, held, timedelta(0), counts=counts)
    [again] = await claim(db)

    assert again.attempts == attempts


async def test_a_withdrawal_spares_what_has_left(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    for _ in range(2):
        await owe()
    [sent, _] = await claim(db)
    await end(db, sent, MessageState.SENT)

    async with db.transaction() as uow:
        withdrawn = await uow.outbox.withdraw(sent.booking_id, reason=Reason.CANCELLED)

    assert withdrawn == 0
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


async def test_starting_the_bot_wakes_what_waits_for_that_person_alone(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    mine, _ = await owe(VERA_ID), await owe(VERA_ID + 1)
    for held in await claim(db):
        await end(db, held, MessageState.WAITING)

    async with db.transaction() as uow:
        woken = await uow.outbox.wake(VERA_ID)

    assert woken == 1
    assert [held.id for held in await claim(db)] == [mine]
    assert await states(sql) == ["sending", "waiting"]
