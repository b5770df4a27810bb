"""The command line: `python -m bot run`."""

# Imports create no garbage, so the collector would only slow the start.
import gc
import os
import signal

if __name__ == "__main__":
    gc.disable()

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
import sys
from typing import Final

import uvloop
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)

from bot.app import run
from bot.logs import configure_logging, redact
from bot.settings import SettingsError, load_settings
from db.embedded import EmbeddedPostgresError
from db.errors import DatabaseUnavailable
from db.migrate import MigrationError

_USAGE_ERROR: Final = 2
_FATAL: Final = (
    ClientDecodeError,
    DatabaseUnavailable,
    EmbeddedPostgresError,
    MigrationError,
    TelegramAPIError,
)


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
    configure_logging()
    try:
        # uvloop needs less CPU for each update than asyncio's own loop.
        uvloop.run(_demo(arguments) if arguments.command == "demo" else _run())
    except SettingsError as error:
        return _give_up(str(error), _USAGE_ERROR)
    except _FATAL as error:
        return _give_up(_why(error))
    return 0


async def _run() -> None:
    settings = load_settings()
    await run(settings, stop=_stopped_by_signals())


async def _demo(arguments: argparse.Namespace) -> None:
    # The simulator is not for production, so only the demo imports it.
    from bot.demo import DemoError, demo  # noqa: PLC0415

    try:
        await demo(stop=_stopped_by_signals(), port=arguments.port, fresh=arguments.fresh)
    except DemoError as error:
        sys.exit(str(error))


def _stopped_by_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
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


def _give_up(reason: str, code: int = 1) -> int:
    sys.stderr.write(redact(reason) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
