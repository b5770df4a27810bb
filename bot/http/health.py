"""What an orchestrator asks: is the program alive, and can it do its work?"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.telegram.webhook import WebhookReceiver
from db.errors import DatabaseUnavailable

_PING_SECONDS: Final = 1.0
_SILENT_SECONDS: Final = 3.0


class Health:
    """The state of the database, asked for once a second, and of the webhooks, if any."""

    def __init__(
        self, ping: Callable[[], Awaitable[None]], receivers: Sequence[WebhookReceiver]
    ) -> None:
        """Take what asks the database for an answer."""
        self._ping = ping
        self._receivers = receivers
        self._answered_at = float("-inf")

    async def watch(self) -> float:
        """Ask the database for an answer. Whoever asks for /readyz makes no work."""
        with suppress(DatabaseUnavailable):
            await self._ping()
            self._answered_at = asyncio.get_running_loop().time()
        return _PING_SECONDS

    async def livez(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(self, _: web.Request) -> web.Response:
        silent = asyncio.get_running_loop().time() - self._answered_at
        missing = []
        if silent > _SILENT_SECONDS:
            missing.append("the database does not answer, or takes no changes\n")
        if not all(receiver.is_set for receiver in self._receivers):
            missing.append("the webhook is not set\n")
        if missing:
            return web.Response(text="".join(missing), status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response(text="ready\n")
