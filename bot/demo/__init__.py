"""The same program against a Telegram on this machine: no token, no account, no database."""

import asyncio
import errno
import os
import sys
import webbrowser
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from bot.app import run
from bot.demo import cast, sample
from bot.settings import Settings
from db.database import Database
from db.embedded import embedded_postgres
from db.migrate import MigrationError
from db.school import School
from simulator import Telegram, serve

PORT: Final = 8081
_PORTS: Final = 2**16
"""The first number that is no port; the loop would take it for another one."""
_DIRECTORY: Final = Path(".demo")
_UNDO_SECONDS: Final = 5
_PAUSE_SECONDS: Final = 1
_READY: Final = """\
The desk is open at {url}
Confirm a booking as Anna, and see its student being welcomed. Ctrl-C ends it; `make demo` goes on
where it was, `make demo ARGS=--fresh` begins anew.
"""

logger = structlog.get_logger(__name__)


class DemoError(Exception):
    """The demo cannot run; the text says in one line why, and what to do."""


async def demo(*, stop: asyncio.Event, port: int = PORT, fresh: bool = False) -> None:
    """Run the desk and a Telegram for it until `stop` is set.

    Raises:
        DemoError: the port cannot be used, or the data is of another version.
        EmbeddedPostgresError, DatabaseUnavailable: the database cannot run.
    """
    if port not in range(_PORTS):
        raise DemoError(f"Port {port} cannot be used: the last one is {_PORTS - 1}")
    telegram = Telegram()
    cast.enter(telegram)
    play = _Play(telegram, stop)
    controls = {"Reset": play.reset, "Restart the bot": play.restart}
    async with AsyncExitStack() as stack:
        try:
            serving = serve(telegram, port=port, controls=controls)
            url = await stack.enter_async_context(serving)
        except OSError as error:
            raise DemoError(_about_port(port, error)) from error
        try:
            await play.run(url, fresh=fresh)
        except MigrationError as error:
            raise DemoError(f"{error}. To begin anew: make demo ARGS=--fresh") from error


def _about_port(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use, perhaps by another demo. Stop that one, or choose another "
            f"port: make demo ARGS='--port {port + 1}'"
        )
    return f"Port {port} cannot be used: {error}"


class _Play:
    """The desk, running until the end, and begun anew when the page asks for it."""

    def __init__(self, telegram: Telegram, stop: asyncio.Event) -> None:
        self._telegram = telegram
        self._stop = stop
        self._ending = asyncio.Event()
        self._opening = asyncio.Event()
        self._fresh = False

    async def reset(self) -> None:
        """Bring back the sample data, and everybody as they were."""
        self._fresh = True
        await self.restart()

    async def restart(self) -> None:
        """Stop the bot and start it again; what is written meanwhile waits for it."""
        self._opening.clear()
        self._ending.set()
        await self._opening.wait()

    async def run(self, url: str, *, fresh: bool) -> None:
        async with embedded_postgres(_DIRECTORY) as dsn:
            await _prepare(dsn, fresh=fresh)
            settings = _settings(url, dsn)
            following = asyncio.create_task(self._follow())
            await _show(url)
            while not self._stop.is_set():
                if self._fresh:
                    await self._begin_anew(dsn)
                else:
                    await self._open(settings)
            await following

    async def _open(self, settings: Settings) -> None:
        """Run the desk until something ends it; meanwhile the admins look at what waits."""
        self._ending.clear()
        self._opening.set()
        looking = asyncio.create_task(cast.look(self._telegram))
        try:
            await run(settings, stop=self._ending)
        except (TelegramAPIError, ClientDecodeError) as error:
            logger.warning("the bot could not start", reason=error)
            await self._pause()
        finally:
            looking.cancel()

    async def _pause(self) -> None:
        """Wait as whatever restarts a program that has failed, but not when it is to end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), _PAUSE_SECONDS)

    async def _begin_anew(self, dsn: str) -> None:
        await _prepare(dsn, fresh=True)
        self._telegram.clear()
        cast.enter(self._telegram)
        # Whoever has asked meanwhile has it, too.
        self._fresh = False

    async def _follow(self) -> None:
        await self._stop.wait()
        self._ending.set()


async def _prepare(dsn: str, *, fresh: bool) -> None:
    async with School.connect(dsn) as school:
        if fresh:
            await school.burn_down()
        async with Database.connect(dsn, connections=1) as db:
            await db.migrate()
        if not await school.has_bookings():
            await school.open(sample.STREAMS, sample.bookings(datetime.now(UTC)))


def _settings(url: str, dsn: str) -> Settings:
    return Settings.model_validate(
        {
            "bot_token": cast.TOKEN,
            "admin_ids": f"{cast.ANNA} {cast.BORIS}",
            "staff_chat_id": cast.STAFF,
            "undo_seconds": _UNDO_SECONDS,
            "database_url": dsn,
            "telegram_api_url": url,
        }
    )


async def _show(url: str) -> None:
    """Say where the page is, and open it where somebody sits at a desktop."""
    sys.stdout.write(_READY.format(url=url))
    sys.stdout.flush()
    desktop = sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    if desktop and sys.stdout.isatty():
        await asyncio.to_thread(webbrowser.open, url)
