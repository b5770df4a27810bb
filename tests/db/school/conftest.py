"""Connections to an empty database, and files of migrations."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest

from db.connection import Connection
from tests.db.school.files import Connect, Write


@pytest.fixture
async def connect(empty_dsn: str) -> AsyncIterator[Connect]:
    async with AsyncExitStack() as stack:

        async def connect() -> Connection:
            connection = await asyncpg.connect(empty_dsn)
            stack.push_async_callback(connection.close)
            return connection

        yield connect


@pytest.fixture
async def connection(connect: Connect) -> Connection:
    return await connect()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Put migrations in the directory: `write(_0001_first="CREATE …")`."""

    def write(**texts: str) -> Path:
        for name, text in texts.items():
            (tmp_path / f"{name.removeprefix('_')}.sql").write_text(text, "utf-8")
        return tmp_path

    return write
