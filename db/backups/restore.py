"""Restoring a backup, and proving by it that the backup is good."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from db.backups.programs import BackupError, Server, program_for, run, session_with
from db.connection import Connection
from db.embedded import EmbeddedPostgresError, embedded_postgres
from db.migrate import MIGRATIONS

_THROWN_AWAY: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_IS_EMPTY: Final = """
    SELECT to_regnamespace('booking_desk') IS NULL AND to_regclass('bookings') IS NULL
       AND to_regclass('users') IS NULL
"""
_COUNTS: Final = """
    SELECT (SELECT count(*) FROM bookings) AS bookings,
           (SELECT count(*) FROM users) AS users,
           (SELECT count(*) FROM booking_desk.outbox) AS messages,
           (SELECT count(*) FROM booking_desk.log) AS entries,
           (SELECT coalesce(sum(n), 0)::bigint FROM booking_desk.ledger
             WHERE span = '30 days' AND course_id IS NULL) AS counted,
           -- The desk recounts after these by itself.
           EXISTS (SELECT FROM booking_desk.faults) AS excused
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup has."""

    bookings: int
    users: int
    messages: int
    entries: int
    """Of the log of changes."""


async def prove(backup: Path) -> Contents:
    """Restore a backup into a database that is thrown away, and count what is there.

    Raises:
        BackupError: the backup is cut or broken, or not the desk's.
    """
    _check_readable(backup)
    try:
        with TemporaryDirectory(prefix="restore-", ignore_cleanup_errors=True) as directory:
            async with embedded_postgres(Path(directory), settings=_THROWN_AWAY) as dsn:
                return await restore(backup, dsn)
    except (EmbeddedPostgresError, OSError) as error:
        raise BackupError(f"No database can be made to restore it into: {error}.") from error


async def restore(backup: Path, dsn: str) -> Contents:
    """Restore a backup into an empty database, and count what is there.

    Raises:
        BackupError: the database is not empty, or the backup is no good; nothing is restored.
    """
    _check_readable(backup)
    async with session_with(dsn) as session:
        if not await session.fetchval(_IS_EMPTY):
            raise BackupError("The database is not empty; a backup is restored into a new one.")
        program = await program_for(await Server.of(session), "pg_restore")
        await run(
            program, dsn, "--no-owner", "--no-privileges", "--single-transaction", str(backup)
        )
        return await _counted(session)


def _check_readable(backup: Path) -> None:
    try:
        with backup.open("rb"):
            pass
    except OSError as error:
        raise BackupError(f"The backup cannot be read: {error}.") from error


async def _counted(connection: Connection) -> Contents:
    if await connection.fetchval("SELECT to_regclass('booking_desk.migrations') IS NULL"):
        raise BackupError("It is no backup of a desk.")
    applied = await connection.fetch("SELECT name FROM booking_desk.migrations ORDER BY 1")
    if unknown := [name for (name,) in applied if not (MIGRATIONS / name).exists()]:
        raise BackupError(f"It was made by a newer version of the program: it has {unknown[-1]}.")
    row = dict(await connection.fetchrow(_COUNTS))
    counted, excused = row.pop("counted"), row.pop("excused")
    if counted != row["bookings"] and not excused:
        raise BackupError(f"It has {row['bookings']} bookings, but the ledger counts {counted}.")
    return Contents(**row)
