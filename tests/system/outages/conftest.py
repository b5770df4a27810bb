"""A desk whose way to the database can be cut."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.settings import Settings
from tests.support.desk import open_desk
from tests.support.net.cable import Cable


@pytest.fixture
async def cable(dsn: str) -> AsyncIterator[Cable]:
    async with Cable.laid(dsn) as cable:
        yield cable


@pytest.fixture
async def desk(settings: Settings, cable: Cable) -> AsyncIterator[None]:
    """Run a desk that reaches its database through the cable."""
    reached = {"database_url": SecretStr(cable.dsn), "db_connections": 10}
    async with open_desk(settings.model_copy(update=reached)):
        yield
