"""Updates that come more than once: one claim, one handling."""

import asyncio
from datetime import timedelta
from typing import Final

import asyncpg

from db.database import Database
from db.updates import Arrival

BOT: Final = 1001
LEASE: Final = timedelta(seconds=20)


async def claim(db: Database, update_id: int, *, bot: int = BOT) -> Arrival:
    async with db.statement() as uow:
        return await uow.updates.claim(bot, update_id, lease=LEASE)


async def handled(db: Database, update_id: int) -> None:
    async with db.statement() as uow:
        await uow.updates.handled(BOT, update_id)


async def test_of_many_who_claim_an_update_at_once_one_gets_it(db: Database) -> None:
    arrivals = await asyncio.gather(*(claim(db, 7) for _ in range(8)))

    assert sorted(arrivals) == [Arrival.NEW, *[Arrival.NOT_NOW] * 7]


async def test_an_update_that_is_done_is_done_for_good(
    db: Database, sql: asyncpg.Connection
) -> None:
    await claim(db, 7)
    await handled(db, 7)

    assert await claim(db, 7) is Arrival.HANDLED


async def test_an_update_whose_lease_has_ended_goes_to_one_of_who_ask(
    db: Database, sql: asyncpg.Connection
) -> None:
    await claim(db, 7)
    await sql.execute("UPDATE booking_desk.updates SET held_until = now()")

    arrivals = await asyncio.gather(*(claim(db, 7) for _ in range(8)))

    assert sorted(arrivals) == [Arrival.NEW, *[Arrival.NOT_NOW] * 7]


async def test_a_lease_lasts_as_long_as_was_asked(db: Database, sql: asyncpg.Connection) -> None:
    await claim(db, 7)

    lasts = await sql.fetchval("SELECT held_until - seen_at FROM booking_desk.updates")

    assert lasts == LEASE


async def test_two_bots_number_their_updates_apart(db: Database) -> None:
    assert await claim(db, 7) is Arrival.NEW
    assert await claim(db, 7, bot=BOT + 1) is Arrival.NEW


async def test_updates_are_remembered_for_longer_than_telegram_keeps_them(
    db: Database, sql: asyncpg.Connection
) -> None:
    for update_id in (1, 2):
        await claim(db, update_id)
        await handled(db, update_id)
    age = "UPDATE booking_desk.updates SET seen_at = now() - $2::interval WHERE update_id = $1"
    await sql.execute(age, 1, timedelta(hours=26))
    await sql.execute(age, 2, timedelta(hours=24))

    async with db.statement() as uow:
        await uow.updates.forget()

    assert await claim(db, 1) is Arrival.NEW
    assert await claim(db, 2) is Arrival.HANDLED
