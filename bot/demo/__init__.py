"""The demo: the program with a simulated Telegram, without a token, an account or a database."""

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
from db.errors import MigrationError
from db.school import School
from simulator import Telegram, serve

PORT: Final = 8081
_PORTS: Final = 2**16
"""The number of ports; the event loop would wrap a higher one around."""
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
    """The demo cannot run; the text says in one line why, and how to fix it."""


async def demo(*, stop: asyncio.Event, port: int = PORT, fresh: bool = False) -> None:
    """Run the desk and a simulated Telegram until `stop` is set.

    Raises:
        DemoError: the port cannot be used, or the data has another version.
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
    """The desk, which runs until the stop and restarts when the page asks for it."""

    def __init__(self, telegram: Telegram, stop: asyncio.Event) -> None:
        self._telegram = telegram
        self._stop = stop
        self._ending = asyncio.Event()
        self._opening = asyncio.Event()
        self._fresh = False

    async def reset(self) -> None:
        """Restore the sample data and all people."""
        self._fresh = True
        await self.restart()

    async def restart(self) -> None:
        """Stop the bot and start it again; messages in the meantime wait for it."""
        self._opening.clear()
        self._ending.set()
        await self._opening.wait()

    async def run(self, url: str, *, fresh: bool) -> None:
        async with embedded_postgres(_DIRECTORY) as dsn:
            await _prepare(dsn, fresh=fresh)
            settings = _settings(url, dsn)
            stopping = asyncio.create_task(self._stop_desk())
            await _show(url)
            while not self._stop.is_set():
                if self._fresh:
                    await self._restore(dsn)
                else:
                    await self._open(settings)
            await stopping

    async def _open(self, settings: Settings) -> None:
        """Run the desk until it is stopped, and let the admins ask for the pending list."""
        self._ending.clear()
        self._opening.set()
        admins = asyncio.create_task(cast.look(self._telegram))
        try:
            await run(settings, stop=self._ending)
        except (TelegramAPIError, ClientDecodeError) as error:
            logger.warning("the bot could not start", reason=error)
            await self._pause()
        finally:
            admins.cancel()

    async def _pause(self) -> None:
        """Wait before the restart of a failed bot, or until the stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PAUSE_SECONDS):
                await self._ending.wait()

    async def _restore(self, dsn: str) -> None:
        await _prepare(dsn, fresh=True)
        self._telegram.clear()
        cast.enter(self._telegram)
        # A reset that was asked for in the meantime is done, too.
        self._fresh = False

    async def _stop_desk(self) -> None:
        await self._stop.wait()
        self._ending.set()


async def _prepare(dsn: str, *, fresh: bool) -> None:
    async with School.connect(dsn) as school:
        if fresh:
            await school.burn_down()
        async with Database.connect(dsn, connections=2) as db:
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
    """Print the address of the page, and open it on a desktop."""
    # Nothing of it stays in a buffer that could fail once more at the end.
    with suppress(OSError):
        os.write(sys.stdout.fileno(), _READY.format(url=url).encode())
    desktop = sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    if desktop and sys.stdout.isatty():
        await asyncio.to_thread(webbrowser.open, url)
