"""A desk with a webhook, two replicas behind a balancer, and the program as a process."""

from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import ClientSession

from bot.settings import Settings
from simulator import BotAccount
from tests.support.desk import open_desk
from tests.support.net.balancer import Balancer
from tests.support.net.webhook import SECRET, until_ready, with_webhook
from tests.support.programs.processes import free_port
from tests.support.school import ANNA_ID, DESK_TOKEN


@pytest.fixture
def polled(settings: Settings) -> Settings:
    """Return the settings of the same desk without a webhook."""
    return settings


@pytest.fixture
def hooked(settings: Settings) -> Settings:
    port = free_port()
    return with_webhook(settings, f"http://127.0.0.1:{port}", port)


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as http:
        yield http


@pytest.fixture
async def desk(hooked: Settings, http: ClientSession) -> AsyncIterator[None]:
    async with open_desk(hooked):
        await until_ready(http, hooked)
        yield


@pytest.fixture
async def balancer() -> AsyncIterator[Balancer]:
    async with Balancer.at_work() as balancer:
        yield balancer


@pytest.fixture
def two(settings: Settings, balancer: Balancer) -> tuple[Settings, Settings]:
    """Return the settings of two replicas behind one address."""
    balancer.ports = [free_port(), free_port()]
    first, second = (with_webhook(settings, balancer.url, port) for port in balancer.ports)
    return first, second


@pytest.fixture
def variables(
    hooked: Settings, telegram_url: str, desk_bot: BotAccount, dsn: str
) -> Mapping[str, str]:
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "DATABASE_URL": dsn,
        "TELEGRAM_API_URL": telegram_url,
        "WEBHOOK_URL": str(hooked.webhook_url),
        "WEBHOOK_SECRET": SECRET,
        "WEBHOOK_PORT": str(hooked.http_port),
        "UNDO_SECONDS": "0",
    }
