"""Sessions with an embedded PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg

from db.connection import Connection
from db.embedded import embedded_postgres

FAST: Final = {"fsync": "off"}


@asynccontextmanager
async def connected(home: Path, **settings: str) -> AsyncIterator[Connection]:
    async with (
        embedded_postgres(home, settings=FAST | settings) as dsn,
        session(dsn) as connection,
    ):
        yield connection


@asynccontextmanager
async def session(dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
