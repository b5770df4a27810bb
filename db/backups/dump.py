"""Making a backup with pg_dump."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from db.backups.files import begun_at, new_backup
from db.backups.programs import BackupError, Server, program_for, run, session_with
from db.connection import Connection
from db.signs import SignRepository

_LOCK_WAIT: Final = "--lock-wait-timeout=60s"
# The school's three tables, what they refer to, their parts, and the sequences they count with.
_OF_OTHERS: Final = """
    WITH RECURSIVE ours (oid) AS (
        SELECT oid FROM pg_class
         WHERE relnamespace = to_regnamespace('booking_desk')
            OR oid IN (to_regclass('bookings'), to_regclass('users'), to_regclass('courses'))
         UNION
        SELECT linked.oid FROM ours
         CROSS JOIN LATERAL (
                SELECT confrelid FROM pg_constraint WHERE conrelid = ours.oid AND contype = 'f'
                 UNION ALL
                SELECT inhrelid FROM pg_inherits WHERE inhparent = ours.oid
                 UNION ALL
                SELECT inhparent FROM pg_inherits WHERE inhrelid = ours.oid
                 UNION ALL
                SELECT objid FROM pg_depend
                 WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
                   AND refobjid = ours.oid AND deptype IN ('a', 'i')
                 UNION ALL
                SELECT refobjid FROM pg_depend JOIN pg_attrdef AS given ON given.oid = objid
                 WHERE classid = 'pg_attrdef'::regclass AND refclassid = 'pg_class'::regclass
                   AND given.adrelid = ours.oid) AS linked (oid)
    )
    SELECT '"' || replace(nspname, '"', '""') || '"."' || replace(relname, '"', '""') || '"'
      FROM pg_class AS relation JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
       AND NOT EXISTS (SELECT FROM ours WHERE ours.oid = relation.oid)
"""


async def back_up(dsn: str, directory: Path, *, keep: int) -> Path:
    """Write a backup of everything the desk needs into a directory, and return its path.

    Other tables of the school's are left out, unless these refer to them.

    Args:
        dsn: The database, reached without a pooler.
        directory: It is created if it is missing.
        keep: How many of the newest backups stay there, this one included.

    Raises:
        BackupError: there is no new backup; the old ones are as they were.
    """
    async with session_with(dsn) as session:
        server, others = await Server.of(session), await _of_others(session)
    program = await program_for(server, "pg_dump")
    left_out = [f"--exclude-table={name}" for name in others]
    try:
        with new_backup(directory, keep=keep) as (backup, file):
            # Into its own output pg_dump would write the table of contents a second time.
            await run(program, dsn, "--format=custom", f"--file={file}", _LOCK_WAIT, *left_out)
    except OSError as error:
        raise BackupError(f"{directory} cannot be written to: {error}.") from error
    return backup


async def note(backup: Path, dsn: str) -> None:
    """Note in the database that there is a backup, for whoever watches its age.

    Raises:
        BackupError: the database takes no note.
    """
    async with session_with(dsn) as session:
        await SignRepository(session).note_backup(begun_at(backup))


async def _of_others(connection: Connection) -> Sequence[str]:
    """Return the names of other programs' tables, views and sequences, as patterns of pg_dump."""
    return [name for (name,) in await connection.fetch(_OF_OTHERS)]
