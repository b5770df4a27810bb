"""A connection between the desk and its database that can be cut, or go silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit


class Cable:
    """Passes bytes between its own socket and PostgreSQL's until it is cut."""

    def __init__(self, dsn: str, directory: Path) -> None:
        self._url = urlsplit(dsn)
        where = {name: values[0] for name, values in parse_qs(self._url.query).items()}
        name = f".s.PGSQL.{where['port']}"
        self._far, self._near = Path(where["host"]) / name, directory / name
        self.dsn = self._url._replace(query=urlencode(where | {"host": str(directory)})).geturl()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._silenced: list[asyncio.Event] = []
        self._sound = asyncio.Event()
        """Set while what is open passes bytes; each connection has that of its own time."""

    @classmethod
    @asynccontextmanager
    async def laid(cls, dsn: str) -> AsyncIterator[Self]:
        # The path of a socket must be short, and the directories of tests are long.
        with TemporaryDirectory() as directory:
            cable = cls(dsn, Path(directory))
            await cable.mend()
            try:
                yield cable
            finally:
                await cable.cut()

    async def mend(self) -> None:
        self._sound = asyncio.Event()
        self._sound.set()
        self._server = await asyncio.start_unix_server(self._connected, self._near)

    def silence(self) -> None:
        """Let nothing more pass through what is open, and end none of it; new ones work.

        So it is with a firewall that has forgotten them.
        """
        self._sound.clear()
        self._silenced.append(self._sound)
        self._sound = asyncio.Event()
        self._sound.set()

    def freeze(self) -> None:
        """Let nothing pass, through new connections neither, until `thaw`."""
        self._sound.clear()

    def thaw(self) -> None:
        self._sound.set()

    async def cut(self) -> None:
        """End every connection, and refuse new ones."""
        if self._server:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()
        for sound in self._silenced:
            # What waits in vain finds its connection ended.
            sound.set()
        if self._server:
            await self._server.wait_closed()

    async def _connected(self, near_in: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        sound = self._sound
        async with AsyncExitStack() as stack:
            far_in, far = await asyncio.open_unix_connection(self._far)
            for writer in (near, far):
                self._open.add(writer)
                stack.callback(self._open.discard, writer)
                stack.callback(writer.close)
            await asyncio.wait(
                [
                    asyncio.create_task(_pass(near_in, far, sound)),
                    asyncio.create_task(_pass(far_in, near, sound)),
                ],
                return_when=asyncio.FIRST_COMPLETED,
            )


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sound: asyncio.Event
) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            await sound.wait()
            writer.write(data)
            await writer.drain()
