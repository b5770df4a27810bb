"""Connections that a stranger cannot keep open by sending slowly."""

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


STRANGERS: Final = Limits()


class Connection(web.RequestHandler):
    """A connection that ends when the head of a request takes too long.

    aiohttp's own limit is that of an idle connection, which has to be longer.
    """

    __slots__ = ("_head_seconds", "_is_handling", "_timer")

    def __init__(self, server: web.Server, limits: Limits) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=limits.idle,
            lingering_time=limits.body,
            # A small body may be a large one inside.
            auto_decompress=False,
        )
        self._head_seconds = limits.head
        self._is_handling = False
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Expect a head."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Expect nothing any more."""
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Expect the rest of the head when it is not a body that comes."""
        if self._timer is None and not self._is_handling:
            self._expect_head()
        super().data_received(data)

    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Handle a request, whose head has come."""
        self._head_came()
        self._is_handling = True
        try:
            return await handler(request)
        finally:
            self._is_handling = False

    def _expect_head(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._head_seconds, self.force_close)

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
