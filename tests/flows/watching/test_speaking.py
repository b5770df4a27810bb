"""While the database is away, one replica tells the staff at once, and later that it is over."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer

from bot.i18n import Translators
from bot.services.watch import WatchService
from bot.settings import Settings
from bot.telegram.session import WatchedSession
from bot.workers.alerts import StraightAlerts
from db.database import Database
from db.errors import DatabaseUnavailable
from simulator import Refuse, Telegram
from tests.flows.watching.replicas import ADMINS, GROUP, View, alerts, heard, replica
from tests.support.desk import open_desk
from tests.support.net.cable import Cable
from tests.support.person import Person
from tests.support.school import ANNA_ID, BORIS_ID, DESK_TOKEN
from tests.support.waiting import until

TRANSLATORS = Translators(default="en", timezone=ZoneInfo("UTC"))
AWAY = "cannot reach its database"
PAST = [("database past", ANNA_ID, "queued"), ("database past", BORIS_ID, "queued")]


@dataclass
class Replica:
    """A replica whose connection to the database can be cut."""

    watch: WatchService
    cable: Cable

    @classmethod
    @asynccontextmanager
    async def opened(
        cls,
        dsn: str,
        voice: StraightAlerts,
        *,
        staff: frozenset[int] = ADMINS,
        patience: float = 0,
    ) -> AsyncIterator[Self]:
        async with Cable.laid(dsn) as cable, Database.connect(cable.dsn) as db:
            watch = replica(
                db, View(is_well=True), staff, voice=voice, patience=timedelta(seconds=patience)
            )
            yield cls(watch, cable)

    async def looks_in_vain(self) -> None:
        with pytest.raises(DatabaseUnavailable):
            await self.watch.look()


@pytest.fixture
async def voice(telegram_url: str) -> AsyncIterator[StraightAlerts]:
    session = WatchedSession(api=TelegramAPIServer.from_base(telegram_url))
    async with Bot(DESK_TOKEN, session=session) as bot:
        yield StraightAlerts(bot, TRANSLATORS)


async def test_it_is_told_once_while_the_database_is_away_and_once_when_it_is_back(
    staff: None,
    settings: Settings,
    dsn: str,
    voice: StraightAlerts,
    anna: Person,
    boris: Person,
    sql: asyncpg.Connection,
) -> None:
    async with Replica.opened(dsn, voice) as one:
        await one.watch.look()
        await one.cable.cut()
        await one.looks_in_vain()
        await one.looks_in_vain()
        assert (heard(anna, AWAY), heard(boris, "нет связи с базой данных")) == (1, 1)
        await one.cable.mend()
        await one.watch.look()
        await one.watch.look()

    assert await alerts(sql) == PAST
    async with open_desk(settings):
        await anna.hears("The desk was without its database")
        await boris.hears("Бот оставался без базы данных")


async def test_what_lasts_a_moment_is_not_told(
    staff: None, dsn: str, voice: StraightAlerts, anna: Person, sql: asyncpg.Connection
) -> None:
    async with Replica.opened(dsn, voice, patience=60) as one:
        await one.watch.look()
        await one.cable.cut()
        await one.looks_in_vain()
        await one.cable.mend()
        await one.watch.look()

    assert (heard(anna, AWAY), await alerts(sql)) == (0, [])


@pytest.mark.parametrize("first", [0, 1])
async def test_one_of_two_replicas_tells_it_and_whichever_is_back_first_says_that_it_is_over(
    staff: None, dsn: str, voice: StraightAlerts, anna: Person, sql: asyncpg.Connection, first: int
) -> None:
    async with AsyncExitStack() as stack:
        # For the second one that is back the database was away for no time.
        both = [
            await stack.enter_async_context(Replica.opened(dsn, voice, patience=patience))
            for patience in (0, 0 if first else 60)
        ]
        for one in [*both, *both]:
            await one.watch.look()
        for one in both:
            await one.cable.cut()
        for one in both:
            await one.looks_in_vain()
        for one in (both[first], both[1 - first]):
            await one.cable.mend()
            await one.watch.look()

    assert (heard(anna, AWAY), await alerts(sql)) == (1, PAST)


async def test_a_replica_that_alone_has_lost_the_database_says_that_it_has_it_again(
    staff: None, dsn: str, voice: StraightAlerts, anna: Person, sql: asyncpg.Connection
) -> None:
    async with AsyncExitStack() as stack:
        lost, other = [
            await stack.enter_async_context(Replica.opened(dsn, voice, patience=0.3))
            for _ in range(2)
        ]

        async def is_told() -> bool:
            await lost.looks_in_vain()
            return heard(anna, AWAY) > 0

        await lost.watch.look()
        await lost.cable.cut()
        await until(is_told)
        await other.watch.look()
        await lost.cable.mend()
        await lost.watch.look()
        await other.watch.look()

    assert (heard(anna, AWAY), await alerts(sql)) == (1, PAST)


async def test_another_replica_takes_the_word_of_one_that_has_died(
    staff: None, dsn: str, voice: StraightAlerts, anna: Person, sql: asyncpg.Connection
) -> None:
    async with Replica.opened(dsn, voice) as dead, Replica.opened(dsn, voice) as other:
        await dead.watch.look()
        await other.watch.look()
        await sql.execute(
            "UPDATE booking_desk.signs SET well_at = now() - interval '1 minute'"
            " WHERE name = 'speaker'"
        )
        await other.watch.look()
        await other.cable.cut()
        await other.looks_in_vain()

    assert heard(anna, AWAY) == 1


async def test_the_admins_are_told_if_their_group_cannot_be(
    staff: None, dsn: str, voice: StraightAlerts, anna: Person, boris: Person
) -> None:
    async with Replica.opened(dsn, voice, staff=frozenset({GROUP})) as one:
        await one.watch.look()
        await one.cable.cut()
        await one.looks_in_vain()

    assert (heard(anna, AWAY), heard(boris, "нет связи")) == (1, 1)


async def test_if_telegram_is_away_as_well_it_is_told_afterwards(
    staff: None,
    dsn: str,
    telegram: Telegram,
    voice: StraightAlerts,
    anna: Person,
    sql: asyncpg.Connection,
) -> None:
    telegram.faults.add(fault=Refuse(502, "Bad Gateway"), method="sendMessage", times=None)
    async with Replica.opened(dsn, voice) as one:
        await one.watch.look()
        await one.cable.cut()
        await one.looks_in_vain()
        await one.cable.mend()
        await one.watch.look()

    assert (heard(anna, AWAY), await alerts(sql)) == (0, PAST)
