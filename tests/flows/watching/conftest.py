"""A desk that is watched."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.settings import Settings
from tests.flows.watching.scraper import TOKEN, Scraper
from tests.support.person import Person
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


@pytest.fixture
async def staff(anna: Person, boris: Person, sql: asyncpg.Connection) -> None:
    """Let both admins have spoken to the desk before."""
    for admin, language in ((anna, "en"), (boris, "ru")):
        admin.start()
        await sql.execute(
            "INSERT INTO booking_desk.people (user_id, language) VALUES ($1, $2)",
            *(admin.id, language),
        )
