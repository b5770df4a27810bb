"""Databases of a PostgreSQL that a run starts for itself."""

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
from db.people.names import NameRepository
from tests.support.databases import connected, copy_database, of_database

Fill: TypeAlias = Callable[[asyncpg.Connection], Awaitable[object]]

#: Without these settings filling takes minutes; nothing measured with them waits for the disk.
_SETTINGS: Final = {"fsync": "off", "max_wal_size": "4GB", "maintenance_work_mem": "256MB"}


async def _nothing(_: asyncpg.Connection) -> None:
    """Fill nothing in."""


class Databases:
    """A PostgreSQL server for one run."""

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
        """Yield a migrated database after `fill`, and a separate connection to it."""
        dsn = await self.made(fill)
        async with Database.connect(dsn, connections=2) as db, connected(dsn) as connection:
            yield db, connection

    async def empty(self, fill: Fill) -> str:
        """Return the address of a new database after `fill`, without a desk."""
        name = next(self._names)
        async with connected(self._dsn) as admin:
            await admin.execute(f"CREATE DATABASE {name}")
        dsn = of_database(self._dsn, name)
        async with connected(dsn) as connection:
            await fill(connection)
        return dsn

    async def made(self, fill: Fill, *, before: Fill | None = None) -> str:
        """Return the address of a new, migrated database after `fill`.

        Args:
            fill: It runs after the migrations.
            before: It runs before the migrations, for a school that exists before its desk.
        """
        dsn = await self.empty(before or _nothing)
        async with connected(dsn) as connection:
            async with Database.connect(dsn, connections=2) as db:
                await db.migrate()
            names = NameRepository(connection)
            await names.read(limit=None)
            await names.learn(limit=None)
            # What is filled in is history, and welcomes nobody.
            await connection.execute("SET row_security = off")
            await fill(connection)
            await connection.execute("VACUUM (ANALYZE)")
        return dsn

    async def copied(self, dsn: str) -> str:
        """Return the address of a copy of the database, which must have no connections."""
        name = next(self._names)
        async with connected(self._dsn) as admin:
            await copy_database(admin, urlsplit(dsn).path.removeprefix("/"), name)
        return of_database(self._dsn, name)
