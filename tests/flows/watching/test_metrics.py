"""What Prometheus reads of a desk: right numbers after real work, for whoever has the token."""

import sys
from collections.abc import Mapping
from typing import Final

import pytest

from bot.measuring import build_meter
from bot.settings import Settings, SettingsError
from simulator import Telegram, TooManyRequests
from tests.flows.watching.scraper import TOKEN, Scraper, opened
from tests.support.person import Person
from tests.support.school import MakeBooking

NOBODY: Final[Mapping[str, str]] = {}


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


CREDENTIALS: Final = [
    (None, 401),
    ("", 401),
    (f"Bearer {TOKEN}x", 401),
    (f"Basic {TOKEN}", 401),
    (TOKEN, 401),
    ("Bearer токен", 401),
    (f"Bearer {TOKEN}", 200),
]


async def test_who_has_no_token_reads_nothing(
    measured: Settings, prometheus: Scraper, subtests: pytest.Subtests
) -> None:
    async with opened(measured, prometheus):
        for credentials, status in CREDENTIALS:
            headers = NOBODY if credentials is None else {"Authorization": credentials}
            with subtests.test(credentials=credentials):
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
        await prometheus.reads(1, "db_up")
        await prometheus.reads(1, "listener_up")
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


async def test_a_token_without_the_library_ends_the_start(
    measured: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "bot.metrics.prometheus", raising=False)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    with pytest.raises(SettingsError, match="METRICS_TOKEN needs prometheus-client"):
        build_meter(measured)
    build_meter(measured.model_copy(update={"metrics_token": None})).update("a", "b", "c", 1)


@pytest.mark.parametrize("version", ["x.y", "1", "0.0.4;escaping=odd", ';="', "9" * 1000])
async def test_an_odd_format_that_is_asked_for_is_no_error(
    measured: Settings, prometheus: Scraper, version: str
) -> None:
    accept = f"application/openmetrics-text;version={version}"
    async with opened(measured, prometheus):
        status, text = await prometheus.ask(Authorization=f"Bearer {TOKEN}", Accept=accept)

    assert (status, "booking_desk_build_info" in text) == (200, True)
