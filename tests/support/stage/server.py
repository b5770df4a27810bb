"""A PostgreSQL that can be stopped and started at the same address."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from db.database import Database
from db.embedded import embedded_postgres
from tests.support.databases import connected, of_database

_TEMPLATE: Final = "desk"
_MOST_CONNECTIONS: Final = "400"
"""Eight worlds at once may open thirty or more each."""


class Server:
    """PostgreSQL with its data on the disk and room for the worlds of a whole group."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._dsn = ""
        self._names = (f"faults_{n}" for n in count(1))
        self._running = AsyncExitStack()

    @classmethod
    @asynccontextmanager
    async def running(cls, directory: Path) -> AsyncIterator[Self]:
        server = cls(directory)
        await server.start()
        try:
            await server._prepare()
            yield server
        finally:
            await server.stop()

    async def start(self) -> None:
        """Start at the same address as before."""
        settings = {
            "unix_socket_directories": str(self._directory),
            "max_connections": _MOST_CONNECTIONS,
        }
        started = embedded_postgres(self._directory / "data", settings=settings)
        url = urlsplit(await self._running.enter_async_context(started))
        self._dsn = url._replace(query=f"host={self._directory}&port=5432").geturl()

    async def stop(self) -> None:
        await self._running.aclose()

    def freeze(self) -> None:
        """Let all its processes do nothing more until `thaw`; works only on Linux."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for process in Path("/proc").glob("[0-9]*"):
            # A process may have ended meanwhile, or be another user's.
            with suppress(OSError):
                if (process / "cwd").readlink().is_relative_to(self._directory):
                    os.kill(int(process.name), number)

    async def new_database(self) -> str:
        """Return the address of a new database, migrated and empty."""
        name = next(self._names)
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return of_database(self._dsn, name)

    async def _prepare(self) -> None:
        await self._execute(f"CREATE DATABASE {_TEMPLATE}")
        async with Database.connect(of_database(self._dsn, _TEMPLATE)) as db:
            await db.migrate()

    async def _execute(self, command: str) -> None:
        async with connected(self._dsn) as connection:
            await connection.execute(command)
