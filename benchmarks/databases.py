"""Databases with as much in them as a school has after years."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self, TypeAlias
from urllib.parse import urlsplit

import asyncpg

from db.database import Database
from db.embedded import embedded_postgres

Fill: TypeAlias = Callable[[asyncpg.Connection], Awaitable[object]]

#: Filling takes minutes otherwise, and nothing measured here waits for the disk.
_SETTINGS: Final = {"fsync": "off", "max_wal_size": "4GB", "maintenance_work_mem": "256MB"}


class Databases:
    """A PostgreSQL of the run's own."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._names = (f"bench_{n}" for n in count(1))

    @classmethod
    @asynccontextmanager
    async def running(cls, settings: Mapping[str, str] = _SETTINGS) -> AsyncIterator[Self]:
        with TemporaryDirectory(prefix="bench-") as directory:
            async with embedded_postgres(Path(directory), settings=settings) as dsn:
                yield cls(dsn)

    @asynccontextmanager
    async def filled(self, fill: Fill) -> AsyncIterator[tuple[Database, asyncpg.Connection]]:
        """Yield a migrated database with `fill` done to it, and a connection of one's own."""
        dsn = await self.made(fill)
        async with Database.connect(dsn, connections=1) as db:
            connection = await asyncpg.connect(dsn)
            try:
                yield db, connection
            finally:
                await connection.close()

    async def made(self, fill: Fill) -> str:
        """Return the address of a migrated database with `fill` done to it."""
        name = next(self._names)
        await self._execute(f"CREATE DATABASE {name}")
        dsn = urlsplit(self._dsn)._replace(path=f"/{name}").geturl()
        async with Database.connect(dsn, connections=1) as db:
            await db.migrate()
        connection = await asyncpg.connect(dsn)
        try:
            await fill(connection)
            await connection.execute("VACUUM (ANALYZE)")
        finally:
            await connection.close()
        return dsn

    async def _execute(self, command: str) -> None:
        connection = await asyncpg.connect(self._dsn)
        try:
            await connection.execute(command)
        finally:
            await connection.close()
