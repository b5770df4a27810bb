"""The health checks of an orchestrator: liveness and readiness."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Final, Protocol

from aiohttp import web

from db.errors import DatabaseUnavailable

_PING_SECONDS: Final = 1.0
_SILENT_SECONDS: Final = 3.0
_NO_UPDATES: Final = {
    "polling": "Telegram does not answer when it is asked for updates\n",
    "webhook": "the webhook is not set\n",
}


class Intake(Protocol):
    """What brings the updates of a bot."""

    @property
    def mode(self) -> str:
        """How it brings them."""

    @property
    def is_ready(self) -> bool:
        """Whether it can, as far as this replica has to."""


class Health:
    """The state of the database, checked once a second, and of what brings updates."""

    def __init__(self, ping: Callable[[], Awaitable[None]], intakes: Sequence[Intake]) -> None:
        """Take the call that checks the database."""
        self._ping = ping
        self._intakes = intakes
        self._answered_at = float("-inf")
        self.is_stopping = False

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
        if self.is_stopping:
            problems.append("the desk is stopping\n")
        if silent > _SILENT_SECONDS:
            problems.append("the database does not answer, or takes no changes\n")
        problems += {_NO_UPDATES[intake.mode] for intake in self._intakes if not intake.is_ready}
        if problems:
            return web.Response(text="".join(problems), status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response(text="ready\n")
