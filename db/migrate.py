"""The schema's history: numbered SQL files, each applied once, in order, forward only.

A file may begin with `-- compatible_from: 0007`: programs whose last file is 0007 or a later one
can run with it. Without such a line only programs that know the file can.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

import asyncpg
import structlog

from db.attachment.locks import gently
from db.connection import Connection
from db.errors import MigrationError, reason_of

MIGRATIONS: Final = Path(__file__).parent / "migrations"

_LOCK: Final = 0x626F6F6B  # A number that no other advisory lock of the database has.
_SECONDS: Final = 3600  # For one file; the connection's own limit is too short for a migration.
_UNRELEASED: Final = (
    "the database has {}, of a version that was never released, and cannot be brought up to date:"
    " make a backup, run DROP SCHEMA booking_desk CASCADE there, and start again; bookings, users"
    " and courses stay as they are, the log and the messages begin anew"
)
_NAME: Final = re.compile(r"(?P<number>\d{4})_[a-z0-9_]+\.sql")
_COMPATIBLE: Final = re.compile(r"-- compatible_from: (?P<number>\d{4})\n")

logger = structlog.get_logger(__name__)


class MigrationFailed(MigrationError):
    """PostgreSQL refused a file; the schema is as it was before that file."""


class MigrationChanged(MigrationError):
    """The text of a file was changed after it was applied."""


class MigrationsMisnumbered(MigrationError):
    """The files are not 0001_name.sql, 0002_name.sql and so on, without a gap."""


class DatabaseNewer(MigrationError):
    """The database has a migration with which this version of the program cannot run."""


class DatabaseUnreleased(MigrationError):
    """The database was made by a version that was never released and had other files."""


async def migrate(connection: Connection, directory: Path = MIGRATIONS) -> Sequence[str]:
    """Bring the schema up to date and return the names applied now, in order.

    Several processes can call it at once: one works, and the others wait for it.

    Args:
        connection: Not inside a transaction.
        directory: It has files named NNNN_name.sql; each is one transaction.

    Raises:
        MigrationError: the files, or the database, are not what they should be.
    """
    files = _read(directory)
    async with alone(connection):
        await _ensure_history(connection)
        missing = await pending(connection, directory)
        for name in missing:
            await gently(connection, partial(_apply, connection, name, files[name]))
    return missing


async def pending(connection: Connection, directory: Path = MIGRATIONS) -> Sequence[str]:
    """Return the names of the files that are to be applied, in order; change nothing.

    Raises:
        MigrationError: the files, or the database, are not what they should be.
    """
    files = _read(directory)
    if await connection.fetchval("SELECT to_regclass('booking_desk.migrations') IS NULL"):
        return list(files)
    history = await connection.fetch("SELECT * FROM booking_desk.migrations ORDER BY name")
    if history and "compatible_from" not in history[0]:
        raise DatabaseUnreleased(_UNRELEASED.format(history[0]["name"]))
    applied = {row["name"]: row for row in history}
    _check(files, applied)
    return [name for name in files if name not in applied]


def _read(directory: Path) -> Mapping[str, str]:
    files = {path.name: path.read_text("utf-8") for path in sorted(directory.glob("*.sql"))}
    if not files:
        raise MigrationsMisnumbered(f"{directory} has no migrations")
    for number, name in enumerate(files, start=1):
        match = _NAME.fullmatch(name)
        if match is None or int(match["number"]) != number:
            raise MigrationsMisnumbered(f"{directory / name} should be {number:04}_name.sql")
    return files


@asynccontextmanager
async def alone(connection: Connection) -> AsyncIterator[None]:
    """Wait for other programs that bring the database up to date, and keep them waiting."""
    # pg_advisory_lock() would wait in one long statement. A time limit would end it, and a CREATE
    # INDEX CONCURRENTLY of the process that holds the lock would wait for it.
    acquire = "SELECT pg_try_advisory_lock($1)"
    told = False
    while not await connection.fetchval(acquire, _LOCK):
        if not told:
            logger.info("waiting for another program that brings the database up to date")
        told = True
        await asyncio.sleep(0.1)
    try:
        yield
    finally:
        # A lost connection has lost its lock, too.
        if not connection.is_closed():
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def _ensure_history(connection: Connection) -> None:
    # IF NOT EXISTS needs the right to create even what exists, so this is checked first.
    if await connection.fetchval("SELECT to_regnamespace('booking_desk') IS NULL"):
        await connection.execute("CREATE SCHEMA booking_desk")
    if await connection.fetchval("SELECT to_regclass('booking_desk.migrations') IS NULL"):
        await connection.execute(
            """
            CREATE TABLE booking_desk.migrations (
                name            text        PRIMARY KEY,
                checksum        text        NOT NULL,
                compatible_from integer     NOT NULL,
                applied_at      timestamptz NOT NULL DEFAULT now()
            )
            """
        )


def _check(files: Mapping[str, str], applied: Mapping[str, asyncpg.Record]) -> None:
    unknown = sorted(applied.keys() - files.keys())
    if unknown and unknown[0] < max(files):
        raise DatabaseUnreleased(_UNRELEASED.format(unknown[0]))
    for name in unknown:
        if applied[name]["compatible_from"] > len(files):
            raise DatabaseNewer(
                f"the database has {name}, with which this version cannot run: start a newer one"
            )
    for name in sorted(applied.keys() & files.keys()):
        if applied[name]["checksum"] != _checksum(files[name]):
            raise MigrationChanged(f"{name} was changed after it was applied; restore its text")
    if unknown:
        logger.info("the database is of a newer version, with which this one can run")


async def _apply(connection: Connection, name: str, text: str) -> None:
    """Apply a file within the transaction."""
    try:
        await connection.execute(text, timeout=_SECONDS)
        await connection.execute(
            """
            INSERT INTO booking_desk.migrations (name, checksum, compatible_from)
            VALUES ($1, $2, $3)
            """,
            name,
            _checksum(text),
            _compatible_from(name, text),
        )
    except asyncpg.LockNotAvailableError:
        raise
    except asyncpg.PostgresError as error:
        raise MigrationFailed(f"{name}: {reason_of(error)}") from error


def _compatible_from(name: str, text: str) -> int:
    """Return the number of the last file of the oldest program that can run with this file."""
    header = _COMPATIBLE.match(text)
    return int(header["number"] if header else name[:4])


def _checksum(text: str) -> str:
    return sha256(text.encode()).hexdigest()
