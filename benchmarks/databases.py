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
        async with Database.connect(dsn, connections=1) as db, connected(dsn) as connection:
            yield db, connection

    async def made(self, fill: Fill, *, before: Fill | None = None) -> str:
        """Return the address of a new database with `fill` done to it.

        Args:
            fill: What is done once it is migrated.
            before: What is done first: there was a school before it had the desk.
        """
        dsn = self._address(await self._created())
        async with connected(dsn) as connection:
            if before:
                await before(connection)
            async with Database.connect(dsn, connections=1) as db:
                await db.migrate()
            await fill(connection)
            await connection.execute("VACUUM (ANALYZE)")
        return dsn

    async def copied(self, dsn: str) -> str:
        """Return the address of another such database; nobody may be connected to the first."""
        name = urlsplit(dsn).path.removeprefix("/")
        return self._address(await self._created(f"TEMPLATE {name} STRATEGY file_copy"))

    async def _created(self, how: str = "") -> str:
        name = next(self._names)
        async with connected(self._dsn) as connection:
            await connection.execute(f"CREATE DATABASE {name} {how}")
        return name

    def _address(self, name: str) -> str:
        return urlsplit(self._dsn)._replace(path=f"/{name}").geturl()


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection that ends with the block."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
