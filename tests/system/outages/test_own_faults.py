"""A message while the desk or its database has a fault."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import asyncpg
import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.services.bookings.external import ExternalChangeService
from bot.services.outbox.delivery import DeliveryService
from bot.telegram.session import WatchedSession
from bot.workers.delivery import DeliveryWorker
from db.database import Database
from db.models.outbox import Sender
from tests.support.kinds import TRANSLATORS, the_kinds
from tests.support.net.cable import Cable
from tests.support.school import DESK_TOKEN, MakeBooking
from tests.support.waiting import until

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

REFUSE = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING ERRCODE = '%s', MESSAGE = 'no room';
    END
    $$;
    CREATE TRIGGER refuse BEFORE INSERT ON booking_desk.attempts
        FOR EACH ROW EXECUTE FUNCTION refuse()
"""


async def unreadable(_: web.Request) -> web.StreamResponse:
    return web.Response(body=b"\xff\xfe", content_type="application/json", charset="utf-8")


async def taken(_: web.Request) -> web.StreamResponse:
    message = {"message_id": 7, "date": 0, "chat": {"id": 13, "type": "private"}}
    return web.json_response({"ok": True, "result": message})


@asynccontextmanager
async def delivering(db: Database, answer: Answer) -> AsyncIterator[DeliveryWorker]:
    """Yield a worker whose Telegram gives this answer; wait for its tasks at the end."""
    kinds, telegram = the_kinds(), web.Application()
    telegram.router.add_post("/{call:.*}", answer)
    service = DeliveryService(db, kinds, bot_id=1001, senders=list(Sender), rate=25)
    await service.open()
    async with TestServer(telegram, shutdown_timeout=0) as server:
        api = TelegramAPIServer.from_base(str(server.make_url("")))
        async with (
            Bot(DESK_TOKEN, session=WatchedSession(api=api)) as bot,
            asyncio.TaskGroup() as tasks,
        ):
            yield DeliveryWorker(service, bot, kinds, TRANSLATORS, rate=25, tasks=tasks)


@pytest.fixture
async def owed(db: Database, make_booking: MakeBooking, sql: asyncpg.Connection) -> None:
    """Owe a welcome to Vera."""
    await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", await make_booking())
    await ExternalChangeService(db).follow()


async def welcome(sql: asyncpg.Connection) -> tuple[str, str | None]:
    row = await sql.fetchrow(
        "SELECT state, reason FROM booking_desk.outbox WHERE kind = 'welcome'"
    )
    return row["state"], row["reason"]


async def test_an_answer_that_cannot_be_read_may_mean_that_the_message_arrived(
    db: Database, owed: None, sql: asyncpg.Connection
) -> None:
    async with delivering(db, unreadable) as worker:
        await worker.run_once()

    assert await welcome(sql) == ("unknown", "no_answer")


async def test_a_stop_does_not_wait_for_a_mark_that_is_always_refused(
    db: Database, owed: None, sql: asyncpg.Connection
) -> None:
    await sql.execute(REFUSE % "P0001")

    async with delivering(db, taken) as worker:
        await worker.run_once()
        await asyncio.sleep(0.5)
        await worker.finish(0)

    assert await welcome(sql) == ("sending", None)


@pytest.mark.parametrize(
    "code",
    [
        "25006",  # read-only: another server has taken over
        "25P03",  # idle in a transaction for too long
        "40001",
        "42501",  # a right was taken away
        "53100",  # the disk is full
        "53200",
        "55P03",  # a lock was not to be had in time
        "57014",
        "57P01",  # shut down
        "58030",  # the disk cannot be read
        "XX000",
        "QQ000",  # something nobody has heard of
        "22000",
        "P0001",
    ],
)
async def test_an_outcome_is_kept_until_it_can_be_written_whatever_refuses_it(
    db: Database,
    owed: None,
    sql: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    code: str,
) -> None:
    """Nobody sends the message again meanwhile, though its lease ends and the queue works."""
    monkeypatch.setattr("bot.workers.delivery._REFUSED_SECONDS", 0.1)
    await sql.execute(REFUSE % code)
    asked = []

    async def count(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        return await taken(request)

    async with delivering(db, count) as worker:
        await worker.run_once()
        await until(partial(asyncio.sleep, 0, asked))
        await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
        # The database works, but for the mark; so does what looks for the dead.
        monkeypatch.setattr(Database, "ping", nothing)
        await worker.reclaim()
        await worker.reclaim()
        await worker.run_once()
        meanwhile = await welcome(sql)
        await sql.execute("DROP FUNCTION refuse CASCADE")

    assert meanwhile == ("sending", None)
    assert await welcome(sql) == ("sent", None)
    assert len(asked) == 1


async def nothing(_: Database) -> None:
    """The database is there."""


async def test_a_stop_without_answer_and_without_database_is_a_stop(
    dsn: str, db: Database, owed: None, sql: asyncpg.Connection
) -> None:
    called = asyncio.Event()

    async def hear(request: web.Request) -> web.StreamResponse:
        called.set()
        await asyncio.Event().wait()
        return await taken(request)

    async with (
        Cable.laid(dsn) as cable,
        Database.connect(cable.dsn) as far,
        delivering(far, hear) as worker,
    ):
        await worker.run_once()
        await called.wait()
        await cable.cut()
        await worker.finish(0)

    assert await welcome(sql) == ("sending", None)
