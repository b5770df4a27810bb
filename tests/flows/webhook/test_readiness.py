"""/livez and /readyz, and a replica whose database is down."""

import asyncio

import asyncpg
import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.app import run
from bot.settings import Settings
from db.database import Database
from db.errors import DatabaseUnavailable
from simulator import BotAccount, Delay, ServerError, Telegram
from tests.support.databases import failed_over, read_only
from tests.support.desk import open_desk
from tests.support.net.cable import Cable
from tests.support.net.webhook import (
    answer_of,
    bring,
    message,
    under_way,
    until_ready,
    until_ready_says,
)
from tests.support.person import Person
from tests.support.programs.processes import free_port
from tests.support.school import MakeBooking


@pytest.fixture
def polling(polled: Settings, hooked: Settings) -> Settings:
    """Return settings with an HTTP port, for polling."""
    return polled.model_copy(update={"http_port": hooked.http_port})


@pytest.fixture(params=["polling", "hooked"])
def listening(request: pytest.FixtureRequest) -> Settings:
    """Return settings with an HTTP port, for polling and for a webhook."""
    settings: Settings = request.getfixturevalue(request.param)
    return settings


async def test_readiness_follows_the_database_and_life_does_not(
    listening: Settings, dsn: str, http: ClientSession
) -> None:
    async with Cable.laid(dsn) as cable:
        here = listening.model_copy(update={"database_url": SecretStr(cable.dsn)})
        async with open_desk(here):
            await until_ready(http, here)

            await cable.cut()
            await until_ready_says(http, here, "the database does not answer")
            unready, _ = await answer_of(http, here, "/readyz")
            alive, _ = await answer_of(http, here, "/livez")
            await cable.mend()

            await until_ready(http, here)
    assert (unready, alive) == (503, 200)


async def test_a_desk_whose_database_takes_no_changes_is_not_ready(
    listening: Settings, sql: asyncpg.Connection, http: ClientSession
) -> None:
    async with open_desk(listening):
        await until_ready(http, listening)
        await failed_over(sql)
        await until_ready_says(http, listening, "takes no changes")
        await read_only(sql, "off")
        await until_ready(http, listening)


async def test_a_full_disk_makes_a_desk_unready(db: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with db.transaction():
            raise asyncpg.DiskFullError("could not extend file")

    with pytest.raises(DatabaseUnavailable, match="refused a change"):
        await db.ping()


async def test_while_the_database_takes_no_changes_people_are_told_and_other_news_waits(
    hooked: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    async with open_desk(hooked):
        vera.start()
        await vera.hears("your bookings")
        vera.block()
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await anna.hears("Vera didn't get the welcome")
        await anna.opens(f"/booking {await make_booking(user_id=77)}", shows="Pending")

        await failed_over(sql)
        vera.unblock()
        answer = await anna.press("Confirm")
        await telegram.until(lambda: desk_bot.updates.pending)
        await read_only(sql, "off")
        await vera.hears("welcome!")

    assert "busy" in (answer.text or "")


async def test_a_desk_that_polls_takes_no_updates_at_its_port(
    listening: Settings, http: ClientSession, anna: Person
) -> None:
    async with open_desk(listening):
        await until_ready(http, listening)
        await anna.opens("/pending", shows="Nobody is waiting")
        status = await bring(http, listening, message("/bookings"))

    assert status == (404 if listening.webhook is None else 200)


async def test_a_desk_whose_webhook_cannot_be_set_is_not_ready(
    hooked: Settings, telegram: Telegram, http: ClientSession
) -> None:
    telegram.faults.add(fault=Delay(1), method="setWebhook")
    async with open_desk(hooked):
        await until_ready_says(http, hooked, "the webhook is not set")
        await until_ready(http, hooked)


async def test_a_desk_that_telegram_gives_no_updates_is_not_ready(
    polling: Settings, telegram: Telegram, http: ClientSession
) -> None:
    telegram.faults.add(fault=ServerError(502), method="getUpdates", times=None)
    async with open_desk(polling):
        await until_ready_says(http, polling, "Telegram does not answer when it is asked")
        unready, _ = await answer_of(http, polling, "/readyz")
        telegram.faults.clear()
        await until_ready(http, polling)
    assert unready == 503


async def test_a_replica_that_waits_for_its_turn_to_poll_is_ready(
    polling: Settings, telegram: Telegram, http: ClientSession
) -> None:
    async with open_desk(polling):
        await until_ready(http, polling)
        waiting = polling.model_copy(update={"http_port": free_port()})
        async with open_desk(waiting):
            await until_ready(http, waiting)


async def test_a_desk_that_stops_says_so_until_it_has_finished(
    polling: Settings, telegram: Telegram, http: ClientSession, anna: Person
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run(polling, stop=stop))
    await until_ready(http, polling)
    telegram.faults.add(fault=Delay(2), method="sendMessage")
    anna.send("/pending")
    await telegram.until(lambda: under_way(telegram))

    stop.set()
    async with ClientSession() as another:
        await until_ready_says(another, polling, "the desk is stopping")
    await running

    assert "Nobody is waiting" in anna.inbox[-1]


async def test_while_the_database_is_away_people_are_told_and_other_news_waits(
    hooked: Settings,
    dsn: str,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    async with Cable.laid(dsn) as cable:
        here = hooked.model_copy(update={"database_url": SecretStr(cable.dsn)})
        async with open_desk(here):
            vera.start()
            await vera.hears("your bookings")
            vera.block()
            await anna.opens(f"/booking {booking}", shows="Pending")
            await anna.press("Confirm")
            await anna.hears("Vera didn't get the welcome")

            await cable.cut()
            vera.unblock()
            await anna.opens("/pending", shows="The database is busy right now")
            await telegram.until(lambda: desk_bot.updates.pending)
            await cable.mend()

            await vera.hears("welcome!")
