"""A desk with a webhook, and two replicas behind a balancer."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.settings import Settings
from tests.support.desk import open_desk
from tests.support.net.balancer import Balancer
from tests.support.net.webhook import until_ready, with_webhook
from tests.support.programs.processes import free_port


@pytest.fixture
def polled(settings: Settings) -> Settings:
    """Return the settings of the same desk without a webhook."""
    return settings


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
