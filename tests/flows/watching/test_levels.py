"""The present levels that Prometheus reads, and what is made of all numbers."""

import json
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot.metrics.prometheus import Prometheus
from bot.services.measures import MeasureService
from bot.settings import Settings, Webhook
from bot.telegram.intake.webhook import WebhookReceiver
from bot.telegram.session import WatchedSession
from bot.workers.gauges import Gauges
from db.backups import back_up, note
from db.backups.files import begun_at
from db.database import Database
from db.migrate import MIGRATIONS
from tests.flows.watching.scraper import Scraper, opened
from tests.support.person import Person
from tests.support.programs.processes import free_port
from tests.support.school import DESK_TOKEN, MakeBooking
from tests.support.waiting import until

DEPLOYED: Final = Path(__file__).parents[3] / "deploy" / "metrics"
PAGE: Final = DEPLOYED.parents[1] / "docs" / "monitoring.md"
NAMED: Final = re.compile(r"`([a-z_]+)`")
NAME: Final = re.compile(r"\b(?:booking_desk|process|python)_[a-z_]+")


async def test_levels_are_those_of_the_database(
    measured: Settings, prometheus: Scraper, make_booking: MakeBooking
) -> None:
    for status in (1, 1, 1, 2, -1, 77):
        await make_booking(confirmed=status)

    async with opened(measured, prometheus):
        await prometheus.reads(3, "bookings", status="pending")
        for meaning in ("confirmed", "cancelled", "unknown"):
            await prometheus.reads(1, "bookings", status=meaning)
        await prometheus.reads(0, "outbox_messages", state="failed")
        await prometheus.reads(0, "outbox_oldest_waiting_seconds")


@pytest.fixture
async def unreached(telegram_url: str, anna: Person, db: Database) -> AsyncIterator[str]:
    """Yield the numbers of a replica to whose webhook Telegram cannot bring an update."""
    session = WatchedSession(api=TelegramAPIServer.from_base(telegram_url))
    async with Bot(DESK_TOKEN, session=session) as bot:
        receiver = WebhookReceiver(
            bot,
            Dispatcher(),
            db=db,
            address=Webhook(f"http://127.0.0.1:{free_port()}/telegram", SecretStr("secret")),
            admins=set(),
        )

        async def fails() -> bool:
            await receiver.keep()
            return receiver.last_error is not None

        await receiver.keep()
        anna.send("/pending")
        await until(fails)
        meter = Prometheus("1")
        intakes = {"school_desk_bot": receiver}
        gauges = Gauges(meter, MeasureService(db), intakes, connections=lambda: db.pool.sizes)
        meter.look = gauges.read_here
        yield meter.exposition("")[0].decode()


async def test_what_telegram_says_of_a_webhook_is_measured(unreached: str) -> None:
    bot = '{bot="school_desk_bot"}'
    [error] = re.findall(rf"last_error_timestamp_seconds{bot} (\S+)", unreached)

    assert f"booking_desk_telegram_webhook_set{bot} 1.0" in unreached
    assert f"booking_desk_telegram_webhook_pending_updates{bot} 1.0" in unreached
    assert abs(time.time() - float(error)) < 60


async def test_the_age_of_the_newest_backup_and_the_migrations_are_measured(
    measured: Settings, prometheus: Scraper, dsn: str, tmp_path: Path
) -> None:
    name = "backup_last_success_timestamp_seconds"
    async with opened(measured, prometheus):
        await prometheus.reads(len(list(MIGRATIONS.glob("*.sql"))), "migrations_applied")
        assert f"booking_desk_{name}" not in await prometheus.families()
    backup = await back_up(dsn, tmp_path, keep=1)
    await note(backup, dsn)
    async with opened(measured, prometheus):
        await prometheus.reads(begun_at(backup).timestamp(), name)


async def test_rules_dashboard_and_page_name_what_there_is(
    measured: Settings, prometheus: Scraper, unreached: str, sql: asyncpg.Connection
) -> None:
    board = json.loads((DEPLOYED / "dashboard.json").read_text("utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked += re.findall(r"expr: (.*)", (DEPLOYED / "alerts.yml").read_text("utf-8"))
    rows = [row for row in PAGE.read_text("utf-8").splitlines() if row.startswith("| `")]
    named = {f"booking_desk_{name}" for row in rows for name in NAMED.findall(row.split("|")[1])}
    await sql.execute("INSERT INTO booking_desk.signs (name, well_at) VALUES ('backup', now())")
    async with opened(measured, prometheus):
        await prometheus.reads(1, "db_up")
        polling = await prometheus.families()

    known, ours = set[str](), {"booking_desk_build_info"}
    for family in [*polling.values(), *text_string_to_metric_families(unreached)]:
        ends = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}
        known |= {family.name + end for end in ends.get(family.type, [""])}
        if family.name.startswith("booking_desk_") and not family.name.endswith("_created"):
            ours.add(family.name + ends.get(family.type, [""])[0].removesuffix("_bucket"))
    ours.discard("booking_desk_build")
    assert len(asked) > 20
    assert {name for expression in asked for name in NAME.findall(expression)} <= known | ours
    assert named == ours
