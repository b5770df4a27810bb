"""What the command line does, and how each command may end."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import structlog
import uvloop
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)

from bot.app import interrupted_by, run
from bot.logs import configure_logging, log_loop_error, redact
from bot.settings import Settings, SettingsError, load_settings
from bot.wiring import reach_database
from db.database import Database
from db.embedded import EmbeddedPostgresError
from db.errors import DatabaseUnavailable, MigrationError
from db.server.fitness import DatabaseUnfit

_USAGE_ERROR: Final = 2
_FATAL: Final = (
    ClientDecodeError,
    DatabaseUnavailable,
    DatabaseUnfit,
    EmbeddedPostgresError,
    MigrationError,
    TelegramAPIError,
)

logger = structlog.get_logger(__name__)


def carry_out(arguments: argparse.Namespace) -> int:
    """Return the exit code: 0, 1 if the program cannot run, 2 for a wrong variable."""
    lines = configure_logging()
    try:
        code, complaint = _ended(arguments)
        if complaint is not None:
            lines.put(redact(complaint))
        return code
    finally:
        logging.shutdown()


def _ended(arguments: argparse.Namespace) -> tuple[int, str | None]:
    """Return the exit code, and what to say."""
    try:
        # uvloop needs less CPU for each update than asyncio's own loop.
        uvloop.run(_COMMANDS[arguments.command](arguments))
    except SettingsError as error:
        return _USAGE_ERROR, str(error)
    except _CannotStart as error:
        return 1, str(error)
    except _FATAL as error:
        return 1, _why(error)
    except Exception:
        # Python itself would print what errors quote.
        logger.exception("the program ended with a fault of ours")
        return 1, None
    return 0, None


class _CannotStart(Exception):
    """The demo cannot run, or a command was interrupted."""


async def _run(_: argparse.Namespace) -> None:
    settings = load_settings()
    with _stopped_by_signals() as stop:
        await run(settings, stop=stop)


async def _demo(arguments: argparse.Namespace) -> None:
    # The simulator is not for production, so only the demo imports it.
    from bot.demo import DemoError, demo  # noqa: PLC0415

    try:
        with _stopped_by_signals() as stop:
            await demo(stop=stop, port=arguments.port, fresh=arguments.fresh)
    except DemoError as error:
        raise _CannotStart(str(error)) from error


async def _migrate(arguments: argparse.Namespace) -> None:
    async with _database() as (db, settings):
        if not arguments.plan:
            await db.migrate(timezone=settings.timezone.key)
            return
        async with db.schema() as schema:
            lines = await schema.plan()
    sys.stdout.writelines(f"{line}\n" for line in lines or ["nothing to do"])


async def _detach(arguments: argparse.Namespace) -> None:
    async with _database() as (db, _), db.schema() as schema:
        await schema.detach(everything=arguments.everything)


_COMMANDS: Final = {"run": _run, "demo": _demo, "migrate": _migrate, "detach": _detach}


@asynccontextmanager
async def _database() -> AsyncIterator[tuple[Database, Settings]]:
    """Yield the database as it is, until a signal ends the block."""
    settings = load_settings()
    with _stopped_by_signals() as stop:
        async with interrupted_by(stop), reach_database(settings) as (db, _):
            yield db, settings
    if stop.is_set():
        raise _CannotStart("Interrupted. The next start does the rest.")


@contextmanager
def _stopped_by_signals() -> Iterator[asyncio.Event]:
    """Yield an event that a signal sets; log at the end which, and how long the stop took."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_loop_error)
    stop = asyncio.Event()
    asked: list[tuple[str, float]] = []

    def ask(number: signal.Signals) -> None:
        asked.append((number.name, loop.time()))
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask, number)
    try:
        yield stop
    finally:
        for name, at in asked[:1]:
            logger.info("the desk is closed", reason=name, seconds=round(loop.time() - at, 1))


def _why(error: Exception) -> str:
    match error:
        case DatabaseUnavailable():
            place = "DATABASE_URL, or the disk without one"
            return f"PostgreSQL cannot be used: {error}. Check {place}."
        case MigrationError():
            return f"The database cannot be brought up to date: {error}."
        case TelegramUnauthorizedError() | TelegramNotFound():
            return "Telegram does not know this token. Check BOT_TOKEN and STUDENT_BOT_TOKEN."
        case TelegramAPIError() | ClientDecodeError():
            return f"Telegram cannot be used: {error.message}. Check TELEGRAM_API_URL."
        case _:
            return str(error)
