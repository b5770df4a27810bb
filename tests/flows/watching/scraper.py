"""Prometheus, in front of a desk."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientSession
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.settings import Settings
from tests.support.desk import open_desk
from tests.support.net.webhook import until_ready
from tests.support.waiting import until

TOKEN: Final = "a-token_of-the-tests"


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


@asynccontextmanager
async def opened(settings: Settings, prometheus: Scraper) -> AsyncIterator[None]:
    async with open_desk(settings):
        await until_ready(prometheus.http, settings)
        yield
