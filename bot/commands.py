"""What the command line does, and how each command may end."""

import argparse
import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
import uvloop
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)

from bot.app import run
from bot.logs import configure_logging, log_loop_error, redact
from bot.settings import SettingsError, load_settings
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
        uvloop.run(_demo(arguments) if arguments.command == "demo" else _run())
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
    """The demo cannot run."""


async def _run() -> None:
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
