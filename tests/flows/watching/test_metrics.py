"""What Prometheus reads of a desk: right numbers after real work, for whoever has the token."""

import json
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from aiohttp import ClientSession
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from bot.measuring import build_meter
from bot.settings import Settings, SettingsError
from simulator import Telegram, TooManyRequests
from tests.support.desk import open_desk
from tests.support.net.webhook import until_ready
from tests.support.person import Person
from tests.support.programs.processes import free_port
from tests.support.school import MakeBooking
from tests.support.waiting import until

TOKEN: Final = "a-token_of-the-tests"
DEPLOYED: Final = Path(__file__).parents[3] / "deploy" / "metrics"
NAME: Final = re.compile(r"\b(?:booking_desk|process|python)_[a-z_]+")
NOBODY: Final[Mapping[str, str]] = {}


@dataclass
class Scraper:
    """Prometheus, in front of one replica."""

    http: ClientSession
    port: int

    async def ask(self, path: str = "/metrics", **headers: str) -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.port}{path}"
        async with self.http.get(url, headers=headers) as answer:
            return answer.status, await answer.text()

    async def families(self) -> Mapping[str, Metric]:
        status, text = await self.ask(Authorization=f"Bearer {TOKEN}")
        assert status == 200
        return {family.name: family for family in text_string_to_metric_families(text)}

    async def value(self, sample: str, **labels: str) -> float:
        """Return a number; 0 if nothing has happened."""
        return sum(
            each.value
            for family in (await self.families()).values()
            for each in family.samples
            if each.name == f"booking_desk_{sample}" and labels.items() <= each.labels.items()
        )

    async def reads(self, expected: float, sample: str, **labels: str) -> None:
        """Wait until a number is the expected one."""

        async def is_read() -> bool:
            return await self.value(sample, **labels) == expected

        try:
            await until(is_read)
        except TimeoutError:
            found = await self.value(sample, **labels)
            raise AssertionError(f"{sample} {labels} is {found}, not {expected}") from None


@pytest.fixture
def measured(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"http_port": free_port(), "metrics_token": SecretStr(TOKEN)}
    )


@pytest.fixture
async def prometheus(measured: Settings) -> AsyncIterator[Scraper]:
    assert measured.http is not None
    async with ClientSession() as http:
        yield Scraper(http, measured.http.port)


@asynccontextmanager
async def opened(settings: Settings, prometheus: Scraper) -> AsyncIterator[None]:
    async with open_desk(settings):
        await until_ready(prometheus.http, settings)
        yield


async def test_numbers_are_right_after_real_work(
    measured: Settings,
    prometheus: Scraper,
    telegram: Telegram,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    await make_booking(confirmed=2)
    vera.start()
    async with opened(measured, prometheus):
        await vera.hears("your bookings")
        telegram.faults.add(fault=TooManyRequests(1), method="sendMessage")
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await vera.hears("welcome")
        anna.send("/booking 99")
        await anna.hears("There is no booking")

        await prometheus.reads(2, "updates_total", bot="desk", kind="message", outcome="handled")
        await prometheus.reads(1, "updates_total", kind="message", outcome="refused")
        await prometheus.reads(1, "updates_total", kind="callback_query", outcome="handled")
        await prometheus.reads(3, "update_duration_seconds_count", kind="message")
        await prometheus.reads(1, "deliveries_total", outcome="sent")
        await prometheus.reads(1, "delivery_delay_seconds_count")
        for count, outcome in ((1, "paused"), (4, "ok")):
            labels = {"method": "sendMessage", "outcome": outcome}
            await prometheus.reads(count, "telegram_requests_total", **labels)
        await prometheus.reads(1, "telegram_paused_seconds_total")
        await prometheus.reads(1, "db_up")
        await prometheus.reads(1, "listener_up")
        await prometheus.reads(1, "polling_leader", bot="school_desk_bot")
        for sample in ("db_connections", "db_acquire_seconds_count", "event_loop_lag_seconds_sum"):
            assert await prometheus.value(sample) > 0


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


@pytest.mark.parametrize(
    ("credentials", "status"),
    [
        (None, 401),
        ("", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        ("Bearer токен", 401),
        (f"Bearer {TOKEN}", 200),
    ],
)
async def test_who_has_no_token_reads_nothing(
    measured: Settings, prometheus: Scraper, credentials: str | None, status: int
) -> None:
    headers = NOBODY if credentials is None else {"Authorization": credentials}
    async with opened(measured, prometheus):
        answered, text = await prometheus.ask(**headers)

    assert answered == status
    assert ("booking_desk_" in text) == (status == 200)


async def test_without_a_token_there_are_no_metrics(
    measured: Settings, prometheus: Scraper
) -> None:
    async with opened(measured.model_copy(update={"metrics_token": None}), prometheus):
        assert (await prometheus.ask())[0] == 404


async def test_strangers_add_no_series(measured: Settings, prometheus: Scraper) -> None:
    async def series() -> int:
        families = await prometheus.families()
        return sum(len(family.samples) for family in families.values())

    async with opened(measured, prometheus):
        await prometheus.ask("/nowhere")
        await series()
        before = await series()
        for number in range(300):
            await prometheus.ask(f"/nowhere/{number}?who=Vera")
        for method in ("PROPFIND", "MKCOL", "REPORT"):
            url = f"http://127.0.0.1:{prometheus.port}/x"
            async with prometheus.http.request(method, url):
                pass
        after = await series()
        await prometheus.reads(301, "http_requests_total", route="other", method="GET", code="404")
        await prometheus.reads(3, "http_requests_total", route="other", method="other")

    # One route, method and code: a counter with its creation, and a histogram with its buckets.
    assert after - before < 30


async def test_no_label_names_a_person(
    measured: Settings, prometheus: Scraper, anna: Person, make_booking: MakeBooking
) -> None:
    await make_booking(first_name="Secretova", course_stream="hidden", referral_code="FRIEND")
    async with opened(measured, prometheus):
        await anna.opens("/find Secretova", shows="Secretova")
        _, text = await prometheus.ask(Authorization=f"Bearer {TOKEN}")

    for word in ("Secretova", "hidden", "FRIEND", "Anna", str(anna.id) + '"', "token"):
        assert word not in text


async def test_rules_and_dashboard_ask_for_what_there_is(
    measured: Settings, prometheus: Scraper
) -> None:
    board = json.loads((DEPLOYED / "dashboard.json").read_text("utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked += re.findall(r"expr: (.*)", (DEPLOYED / "alerts.yml").read_text("utf-8"))
    async with opened(measured, prometheus):
        families = await prometheus.families()

    known = {"booking_desk_build_info"}
    for family in families.values():
        ends = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}
        known |= {family.name + end for end in ends.get(family.type, [""])}
    assert len(asked) > 20
    assert {name for expression in asked for name in NAME.findall(expression)} <= known


async def test_a_token_without_the_library_ends_the_start(
    measured: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "bot.metrics.prometheus", raising=False)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    with pytest.raises(SettingsError, match="METRICS_TOKEN needs prometheus-client"):
        build_meter(measured)
    build_meter(measured.model_copy(update={"metrics_token": None})).update("a", "b", "c", 1)
