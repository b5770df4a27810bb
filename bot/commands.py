"""What the command line does, and how each command may end."""

import argparse
import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
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
from bot.check import check
from bot.database import address_of, reach_database
from bot.logs import configure_logging, log_loop_error, redact
from bot.running.repeat import repeat
from bot.services.backups import BackupService
from bot.settings import Settings, SettingsError, load_settings
from db.adoption.lines import Verdict
from db.adoption.look import AdoptionRefused
from db.backups import BackupError, Contents, back_up, note, prove, restore
from db.database import Database
from db.embedded import EmbeddedPostgresError
from db.errors import DatabaseUnavailable, MigrationError
from db.server.fitness import DatabaseUnfit

_USAGE_ERROR: Final = 2
_STDOUT: Final = 1
_FATAL: Final = (
    ClientDecodeError,
    BackupError,
    DatabaseUnavailable,
    DatabaseUnfit,
    EmbeddedPostgresError,
    MigrationError,
    TelegramAPIError,
)

logger = structlog.get_logger(__name__)


def carry_out(arguments: argparse.Namespace) -> int:
    """Return the exit code: 0, 1 if the program cannot run, 2 for a wrong variable."""
    complain = configure_logging(plain=arguments.command == "demo")
    try:
        code, complaint = _ended(_COMMANDS[arguments.command](arguments))
        if complaint is not None:
            complain(complaint)
        return code
    finally:
        logging.shutdown()


def _ended(command: Coroutine[None, None, int]) -> tuple[int, str | None]:
    """Return the exit code, and what to say."""
    try:
        # uvloop needs less CPU for each update than asyncio's own loop.
        return uvloop.run(command), None
    except SettingsError as error:
        return _USAGE_ERROR, str(error)
    except asyncio.CancelledError:
        return 1, "Ended by a signal."
    except _CannotStart as error:
        return 1, str(error)
    except _FATAL as error:
        return 1, _why(error)
    except Exception:
        # Python itself would print what errors quote.
        logger.exception("the program ended with a fault of ours")
        return 1, None


class _CannotStart(Exception):
    """The demo cannot run, or a command was interrupted."""


async def _run(_: argparse.Namespace) -> int:
    settings = load_settings()
    with _stopped_by_signals() as stop:
        await run(settings, stop=stop)
    return 0


async def _check(_: argparse.Namespace) -> int:
    found = await check(load_settings())
    _say("".join(f"{line}\n" for line in found))
    return 1 if any(line.verdict is Verdict.REFUSED for line in found) else 0


async def _demo(arguments: argparse.Namespace) -> int:
    # The simulator is not for production, so only the demo imports it.
    from bot.demo import DemoError, demo  # noqa: PLC0415

    try:
        with _stopped_by_signals() as stop:
            await demo(stop=stop, port=arguments.port)
    except DemoError as error:
        raise _CannotStart(str(error)) from error
    return 0


async def _migrate(arguments: argparse.Namespace) -> int:
    async with _database() as (db, settings):
        if arguments.plan:
            async with db.schema() as schema:
                _say("".join(f"{line}\n" for line in await schema.plan() or ["nothing to do"]))
        else:
            await db.migrate(timezone=settings.timezone.key)
    return 0


async def _detach(arguments: argparse.Namespace) -> int:
    async with _database() as (db, _), db.schema() as schema:
        await schema.detach(everything=arguments.everything)
    return 0


@asynccontextmanager
async def _database() -> AsyncIterator[tuple[Database, Settings]]:
    """Yield the database as it is, until a signal ends the block."""
    settings = load_settings()
    with _stopped_by_signals() as stop:
        async with interrupted_by(stop), reach_database(settings) as (db, _):
            yield db, settings
    if stop.is_set():
        raise _CannotStart("Interrupted. The next start does the rest.")


async def _back_up(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    if arguments.nightly:
        with _stopped_by_signals() as stop:
            async with interrupted_by(stop), address_of(settings) as dsn:
                await _back_up_nightly(settings, dsn, arguments)
        return 0
    _cancel_by_signals()
    async with address_of(settings) as dsn:
        backup = await back_up(dsn, arguments.directory, keep=arguments.keep)
        _say(f"{backup}\n")
        # A database that only answers, as a standby does, can be backed up, too.
        with suppress(BackupError):
            await note(backup, dsn)
    return 0


async def _back_up_nightly(settings: Settings, dsn: str, arguments: argparse.Namespace) -> None:
    directory, keep = arguments.directory, arguments.keep
    nightly = BackupService(dsn, directory, timezone=settings.timezone, keep=keep, proved=True)
    logger.info("a backup is made each night", directory=str(directory), kept=keep)
    await repeat(nightly.run)


async def _prove(arguments: argparse.Namespace) -> int:
    _cancel_by_signals()
    _say(_of("The backup is good", await prove(arguments.file)))
    return 0


async def _restore(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    _cancel_by_signals()
    async with address_of(settings, made=True) as dsn:
        _say(_of("Restored", await restore(arguments.file, dsn)))
    return 0


def _of(what: str, contents: Contents) -> str:
    return (
        f"{what}: {contents.bookings} bookings, {contents.users} users, {contents.messages}"
        f" messages, {contents.entries} entries in the log\n"
    )


def _say(words: str) -> None:
    # Python would write again what a full disk has refused, and end with another code.
    with suppress(OSError):
        os.write(_STDOUT, redact(words).encode())


def _cancel_by_signals() -> None:
    """Let a signal end the running task, which then removes what it has not finished."""
    if task := asyncio.current_task():
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)


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


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], Coroutine[None, None, int]]]] = {
    "backup": _back_up,
    "check": _check,
    "demo": _demo,
    "detach": _detach,
    "migrate": _migrate,
    "restore": _restore,
    "restore-check": _prove,
    "run": _run,
}


def _why(error: Exception) -> str:
    match error:
        case DatabaseUnavailable():
            place = "DATABASE_URL, or the disk without one"
            return f"PostgreSQL cannot be used: {error}. Check {place}."
        case AdoptionRefused():
            more = "python -m bot check lists everything"
            return f"The desk cannot use this database: {error}. Nothing was changed; {more}."
        case MigrationError():
            return f"The database cannot be brought up to date: {error}."
        case TelegramUnauthorizedError() | TelegramNotFound():
            return "Telegram does not know this token. Check BOT_TOKEN and STUDENT_BOT_TOKEN."
        case TelegramAPIError() | ClientDecodeError():
            return f"Telegram cannot be used: {error.message}. Check TELEGRAM_API_URL."
        case _:
            return str(error)
