"""Connections to the database that go silent."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from db.database import Database
from db.errors import DatabaseUnavailable
from simulator import Telegram
from tests.support.desk import open_desk
from tests.support.net.cable import Cable
from tests.support.person import Person
from tests.support.school import MakeBooking
from tests.support.waiting import until
from tests.system.outages.hearing import heard


@pytest.mark.parametrize("fault", ["silence", "freeze"])
async def test_connections_that_go_silent_are_given_up_within_seconds(
    desk: None, cable: Cable, anna: Person, make_booking: MakeBooking, fault: str
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    card = anna.screen
    began = time.monotonic()

    getattr(cable, fault)()
    async with asyncio.timeout(8):
        answer = await anna.press("Confirm")
    cable.thaw()
    anna.send("/pending")
    await until(partial(heard, anna, "Pending · 1"), seconds=15)
    again = await anna.press("Confirm", on=card)

    assert "The database is busy right now" in (answer.text or "")
    assert "is confirmed" in (again.text or "")
    assert time.monotonic() - began < 20


async def test_many_that_wait_on_silent_connections_are_served_again_soon(
    dsn: str, cable: Cable
) -> None:
    """Every connection of the pool is silent, and one that finds out is enough."""
    async with Database.connect(cable.dsn) as db:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(10):
                tasks.create_task(asks(db, seconds=0.1))
        cable.silence()
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            await asks(db)
        for _ in range(10):
            await asks(db)

    assert time.monotonic() - began < 6


async def asks(db: Database, seconds: float = 0) -> None:
    async with db.transaction() as uow:
        await uow.counts.fold()
        await asyncio.sleep(seconds)


@pytest.mark.parametrize("door", ["transaction", "snapshot", "statement", "ping"])
async def test_no_door_to_a_silent_database_waits_without_end(cable: Cable, door: str) -> None:
    async with Database.connect(cable.dsn) as db:
        doors: Mapping[str, Callable[[], Awaitable[None]]] = {
            "transaction": partial(asks, db),
            "snapshot": partial(reads, db),
            "statement": partial(states, db),
            "ping": db.ping,
        }
        await db.ping()
        cable.silence()
        async with asyncio.timeout(8):
            with pytest.raises(DatabaseUnavailable):
                await doors[door]()


async def reads(db: Database) -> None:
    async with db.snapshot() as uow:
        await uow.bookings.get(1)


async def states(db: Database) -> None:
    async with db.statement() as uow:
        await uow.bookings.get(1)


async def test_what_is_broken_off_on_a_silent_connection_ends_at_once(cable: Cable) -> None:
    """In the middle of a transaction, where a rollback would wait for the server."""
    async with Database.connect(cable.dsn) as db:
        begun = asyncio.Event()

        async def work() -> None:
            async with db.transaction() as uow:
                await uow.bookings.get(1)
                cable.silence()
                begun.set()
                await uow.bookings.get(1)

        working = asyncio.create_task(work())
        await begun.wait()
        working.cancel()
        began = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await working

    assert time.monotonic() - began < 5


@pytest.mark.parametrize("fault", ["silence", "freeze"])
async def test_a_stop_does_not_wait_for_a_silent_database(
    settings: Settings, cable: Cable, anna: Person, vera: Person, telegram: Telegram, fault: str
) -> None:
    here = settings.model_copy(update={"database_url": SecretStr(cable.dsn)})
    async with open_desk(here):
        await anna.opens("/pending", shows="Nobody is waiting")
        getattr(cable, fault)()
        anna.send("/bookings")
        await asyncio.sleep(0.5)
        began = time.monotonic()

    assert time.monotonic() - began < 10
