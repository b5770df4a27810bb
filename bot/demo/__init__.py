"""The demo: the program with a simulated Telegram, without a token, an account or a database."""

import asyncio
import errno
import logging
import os
import sys
import webbrowser
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from babel.localtime import get_localzone

from bot.app import run
from bot.demo import cast, sample
from bot.demo.guide import guide
from bot.demo.newcomers import Newcomers
from bot.demo.table import send_table
from bot.settings import Settings
from db.database import Database
from db.embedded import embedded_postgres
from db.school import NewBooking, School
from simulator import Control, Telegram, serve

PORT: Final = 8081
_PORTS: Final = 2**16
"""The number of ports; the event loop would wrap a higher one around."""
_DIRECTORY: Final = Path(".demo")
_UNDO_SECONDS: Final = 5
_PAUSE_SECONDS: Final = 1
_OPENING_SECONDS: Final = 30
_READY: Final = "The desk is open at {url}. Ctrl-C ends it.\n"
_BEGIN_ANEW: Final = "All chats and decisions are forgotten, and the demo begins anew."

logger = structlog.get_logger(__name__)


class DemoError(Exception):
    """The demo cannot run; the text says in one line why, and how to fix it."""


async def demo(*, stop: asyncio.Event, port: int = PORT) -> None:
    """Run the desk and a simulated Telegram until `stop` is set; each start begins anew.

    Raises:
        DemoError: the port cannot be used.
        EmbeddedPostgresError, DatabaseUnavailable: the database cannot run.
    """
    if port not in range(_PORTS):
        raise DemoError(f"Port {port} cannot be used: the last one is {_PORTS - 1}")
    # How each table comes about would hide what the desk has to say.
    logging.getLogger("db").setLevel(logging.WARNING)
    telegram = Telegram()
    play = _Play(telegram, stop)
    controls = {
        "A student books": Control(play.welcome_newcomer),
        "Anna sends a table": Control(play.send_table),
        "Restart the bot": Control(play.restart, for_developers=True),
        "Reset": Control(play.reset, _BEGIN_ANEW),
    }
    async with AsyncExitStack() as stack:
        try:
            serving = serve(telegram, port=port, controls=controls)
            url = await stack.enter_async_context(serving)
        except OSError as error:
            raise DemoError(_about_port(port, error)) from error
        await play.run(url)


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
        self._fresh = True
        self._newcomers: Newcomers | None = None

    async def reset(self) -> None:
        """Restore the sample data and all people."""
        self._fresh = True
        await self.restart()

    async def restart(self) -> None:
        """Stop the bot and start it again; messages in the meantime wait for it."""
        self._opening.clear()
        self._ending.set()
        await self._opening.wait()

    async def welcome_newcomer(self) -> None:
        """Let one more student book."""
        await self._opening.wait()
        if self._newcomers:
            await self._newcomers.come()

    async def send_table(self) -> None:
        """Let Anna send a table of bookings."""
        await self._opening.wait()
        send_table(self._telegram)

    async def run(self, url: str) -> None:
        async with embedded_postgres(_DIRECTORY) as dsn:
            settings = _settings(url, dsn)
            stopping = asyncio.create_task(self._stop_desk())
            async with _beside(_show(url, self._telegram)):
                while not self._stop.is_set():
                    await self._restore(dsn, settings.timezone)
                    await self._act(dsn, settings)
            await stopping

    async def _restore(self, dsn: str, timezone: ZoneInfo) -> None:
        """Bring the sample data and all people back."""
        logger.info("filling the tables with the sample data")
        bookings = list(sample.bookings(datetime.now(UTC)))
        await _fill(dsn, timezone, bookings)
        self._telegram.clear()
        cast.enter(self._telegram, bookings)
        # A reset that was asked for in the meantime is done, too.
        self._fresh = False

    async def _act(self, dsn: str, settings: Settings) -> None:
        """Run the desk until a reset or the stop, while people do what they do."""
        self._newcomers = Newcomers(self._telegram, dsn)
        others = guide(self._telegram, dsn), self._newcomers.come_unasked()
        async with _beside(*others):
            while not (self._fresh or self._stop.is_set()):
                await self._open(settings)

    async def _open(self, settings: Settings) -> None:
        """Run the desk until it is stopped, and let the admins ask for the pending list."""
        self._ending.clear()
        self._opening.set()
        async with _beside(cast.look(self._telegram)):
            try:
                await run(settings, stop=self._ending)
            except (TelegramAPIError, ClientDecodeError) as error:
                logger.warning("the bot could not start", reason=error)
                await self._pause()

    async def _pause(self) -> None:
        """Wait before the restart of a failed bot, or until the stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PAUSE_SECONDS):
                await self._ending.wait()

    async def _stop_desk(self) -> None:
        await self._stop.wait()
        self._ending.set()


@asynccontextmanager
async def _beside(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do this beside the block, and no longer."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _fill(dsn: str, timezone: ZoneInfo, bookings: Iterable[NewBooking]) -> None:
    async with School.connect(dsn) as school:
        await school.burn_down()
        async with Database.connect(dsn, connections=2) as db:
            await db.migrate(timezone=timezone.key)
        await school.open(sample.STREAMS, bookings)


def _settings(url: str, dsn: str) -> Settings:
    return Settings.model_validate(
        {
            "bot_token": cast.TOKEN,
            "admin_ids": f"{cast.ANNA} {cast.BORIS}",
            "staff_chat_id": cast.STAFF,
            "undo_seconds": _UNDO_SECONDS,
            "database_url": dsn,
            "telegram_api_url": url,
            "timezone": _zone(),
        }
    )


def _zone() -> ZoneInfo:
    """Return the zone of this machine, in which a browser here shows times, if it has a name."""
    with suppress(LookupError):
        zone = get_localzone()
        if isinstance(zone, ZoneInfo):
            return zone
    return ZoneInfo("UTC")


async def _show(url: str, telegram: Telegram) -> None:
    """Print the address of the page when the desk is open, and open it on a desktop."""
    with suppress(TimeoutError):
        await telegram.until(lambda: _polled(telegram), timeout=_OPENING_SECONDS)
    # Nothing of it stays in a buffer that could fail once more at the end.
    with suppress(OSError):
        os.write(sys.stdout.fileno(), _READY.format(url=url).encode())
    desktop = sys.platform != "linux" or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    if desktop and sys.stdout.isatty():
        await asyncio.to_thread(webbrowser.open, url)


def _polled(telegram: Telegram) -> bool:
    return any(call.method == "getUpdates" for call in telegram.calls)
