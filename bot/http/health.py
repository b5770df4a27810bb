"""The health checks of an orchestrator: liveness and readiness."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.telegram.intake.webhook import WebhookReceiver
from db.errors import DatabaseUnavailable

_PING_SECONDS: Final = 1.0
_SILENT_SECONDS: Final = 3.0


class Health:
    """The state of the database, checked once a second, and of the webhooks."""

    def __init__(
        self, ping: Callable[[], Awaitable[None]], receivers: Sequence[WebhookReceiver]
    ) -> None:
        """Take the call that checks the database."""
        self._ping = ping
        self._receivers = receivers
        self._answered_at = float("-inf")

    async def watch(self) -> float:
        """Check the database, so that requests of /readyz cause no query.

        Returns:
            The seconds after which to check again.
        """
        with suppress(DatabaseUnavailable):
            await self._ping()
            self._answered_at = asyncio.get_running_loop().time()
        return _PING_SECONDS

    async def livez(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def readyz(self, _: web.Request) -> web.Response:
        silent = asyncio.get_running_loop().time() - self._answered_at
        problems = []
        if silent > _SILENT_SECONDS:
            problems.append("the database does not answer, or takes no changes\n")
        if not all(receiver.is_set for receiver in self._receivers):
            problems.append("the webhook is not set\n")
        if problems:
            return web.Response(text="".join(problems), status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response(text="ready\n")
