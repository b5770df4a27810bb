"""The command line: `python -m bot run`."""

# Imports create no garbage, so the collector would only slow the start.
import gc
import os
import signal

if __name__ == "__main__":
    gc.disable()
    # The number of a closed standard stream would be that of the next file: libuv aborts at it.
    while (spare := os.open(os.devnull, os.O_RDWR)) in range(3):
        pass
    os.close(spare)

    def end(number: int, _: object) -> None:
        """End the program at once, without a traceback."""
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        # Linux ignores a signal with the default action for the first process of a container.
        os._exit(128 + number)

    # These handlers serve until the event loop has its own.
    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)

import argparse
import asyncio
import logging
import sys
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
from db.errors import DatabaseUnavailable
from db.migrate import MigrationError
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


def main() -> int:
    """Return the exit code: 0, 1 if the program cannot run, 2 for a wrong variable."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="against Telegram")
    demo = commands.add_parser("demo", help="against a Telegram on this machine")
    demo.add_argument("--port", type=int, default=8081, help="of the page")
    demo.add_argument("--fresh", action="store_true", help="bring back the sample data")
    arguments = parser.parse_args()
    gc.freeze()
    gc.enable()
    lines = configure_logging()
    try:
        code, complaint = _carry_out(arguments)
        if complaint is not None:
            lines.put(redact(complaint))
        return code
    finally:
        logging.shutdown()


def _carry_out(arguments: argparse.Namespace) -> tuple[int, str | None]:
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
    await run(settings, stop=_stopped_by_signals())


async def _demo(arguments: argparse.Namespace) -> None:
    # The simulator is not for production, so only the demo imports it.
    from bot.demo import DemoError, demo  # noqa: PLC0415

    try:
        await demo(stop=_stopped_by_signals(), port=arguments.port, fresh=arguments.fresh)
    except DemoError as error:
        raise _CannotStart(str(error)) from error


def _stopped_by_signals() -> asyncio.Event:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_loop_error)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


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


if __name__ == "__main__":
    sys.exit(main())
