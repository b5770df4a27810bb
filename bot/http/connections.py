"""Connections that a stranger cannot keep open by sending or reading slowly."""

import asyncio
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many seconds whoever connects may take."""

    head: float = 10
    body: float = 10
    idle: float = 150
    """Between two requests: longer than a proxy keeps its connections, so that it ends them."""
    answer: float = 10
    """Until they read what they are answered."""
    most: int = 256
    """Connections at once; files are as few as that, and the database needs some, too."""


STRANGERS: Final = Limits()


class Crowd:
    """The open connections, of which there are only so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[Connection, None] = {}

    def enter(self, connection: "Connection") -> None:
        """Let a connection in, for which another has to go if it is one too many."""
        self._open[connection] = None
        if len(self._open) > self._most:
            idle = [each for each in self._open if not each.is_handling] or [connection]
            # Whoever has asked for nothing yet is most likely a stranger.
            min(idle, key=lambda each: each.has_asked).abort()

    def leave(self, connection: "Connection") -> None:
        """Forget a connection that has ended."""
        self._open.pop(connection, None)


class Connection(web.RequestHandler):
    """A connection that ends when the head of a request, or reading an answer, takes too long.

    aiohttp's own limit is that of an idle connection, which has to be longer.
    """

    __slots__ = ("_crowd", "_limits", "_reading", "_timer", "has_asked", "is_handling")

    def __init__(self, server: web.Server, crowd: Crowd, limits: Limits) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=limits.idle,
            lingering_time=limits.body,
            # A small body may be a large one inside.
            auto_decompress=False,
        )
        self._crowd = crowd
        self._limits = limits
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self.is_handling = False
        self.has_asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Expect a head."""
        super().connection_made(transport)
        self._expect_head()
        self._crowd.enter(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Expect nothing any more."""
        self._crowd.leave(self)
        self._head_came()
        self._answer_read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Expect that what has been written is read."""
        super().pause_writing()
        loop = asyncio.get_running_loop()
        self._reading = loop.call_later(self._limits.answer, self.abort)

    def resume_writing(self) -> None:
        """Write on, because it is read."""
        super().resume_writing()
        self._answer_read()

    def abort(self) -> None:
        """End at once, whatever has not been read yet."""
        transport = self.transport
        self.force_close()
        if transport is not None:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Expect the rest of the head when it is not a body that comes."""
        if self._timer is None and not self.is_handling:
            self._expect_head()
        super().data_received(data)

    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Handle a request, whose head has come."""
        self._head_came()
        self.is_handling = self.has_asked = True
        try:
            return await handler(request)
        finally:
            self.is_handling = False

    def _answer_read(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _expect_head(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._limits.head, self.force_close)

    def _head_came(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


@web.middleware
async def heads_in_time(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Tell the connection that the head of a request has come."""
    connection = request.protocol
    if isinstance(connection, Connection):
        return await connection.handle(request, handler)
    return await handler(request)
