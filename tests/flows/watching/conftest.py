"""A desk that is measured."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.settings import Settings
from tests.flows.watching.scraper import TOKEN, Scraper
from tests.support.programs.processes import free_port


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
