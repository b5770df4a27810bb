"""The gates: one message at a time leaves to a chat, each with its whole lease."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from db.database import Database
from db.models.outbox import MessageState
from tests.db.outbox.owing import BOT, Owe, claim, reclaim
from tests.support.school import VERA_ID

AT_ONCE: Final = timedelta(0)


async def test_a_chat_gets_one_message_at_a_time(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    first, second = await owe(VERA_ID), await owe(VERA_ID)

    held, not_yet = await claim(db), await claim(db)
    await sql.execute("UPDATE booking_desk.chat_gates SET free_at = now()")
    later = await claim(db)

    assert ([message.id for message in held], not_yet) == ([first], [])
    assert [message.id for message in later] == [second]


async def test_two_workers_that_race_for_one_chat_hold_one_message_of_it(
    db: Database, owe: Owe
) -> None:
    for _ in range(6):
        await owe(VERA_ID)

    claims = await asyncio.gather(*(claim(db, limit=1) for _ in range(6)))

    assert len([held for claimed in claims for held in claimed]) == 1


@pytest.mark.parametrize(("chat_id", "seconds"), [(VERA_ID, 1), (-100, 3)])
async def test_a_person_is_written_to_once_a_second_and_a_group_20_times_a_minute(
    db: Database, owe: Owe, sql: asyncpg.Connection, chat_id: int, seconds: int
) -> None:
    await owe(chat_id)
    [held] = await claim(db)

    async with db.transaction() as uow:
        await uow.gates.pass_through(BOT, held, AT_ONCE)

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
        async with asyncio.timeout(20), db.transaction() as uow:
            await uow.gates.forget_chats()

    assert await sql.fetchval("SELECT array_agg(chat_id) FROM booking_desk.chat_gates") == [
        VERA_ID
    ]


async def test_a_request_has_the_whole_lease_however_long_it_waited_to_leave(
    db: Database, owe: Owe, sql: asyncpg.Connection
) -> None:
    """Its worker may have had to wait for others to be answered."""
    await owe()
    [held] = await claim(db)
    await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")

    async with db.transaction() as uow:
        assert await uow.gates.pass_through(BOT, held, AT_ONCE) == 0

    assert await reclaim(db) == []
    async with db.transaction() as uow:
        assert await uow.queue.end(held, MessageState.SENT)
