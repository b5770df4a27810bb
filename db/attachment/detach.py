"""Take the desk away from the school's tables."""

import asyncio
from typing import Final

from db.attachment.locks import gently
from db.attachment.parts import INDEXES, TRIGGER_NAMES
from db.attachment.repair import DETACHED
from db.connection import Connection
from db.errors import MigrationError

_SECONDS: Final = 600
_LOOKS: Final = 20
_LOOK_SECONDS: Final = 0.1
_NO_TRIGGERS: Final = "; ".join(
    f"DROP TRIGGER IF EXISTS {name} ON bookings" for name in TRIGGER_NAMES
)
_NO_INDEXES: Final = f"DROP INDEX IF EXISTS {', '.join(INDEXES)}"
_REMEMBER: Final = """
    INSERT INTO booking_desk.remembered
    SELECT id, true, revision, booking_desk.person_id(user_id), booking_desk.whole(confirmed),
           booking_desk.whole(course_id), course_stream
      FROM bookings
    ON CONFLICT DO NOTHING
"""
_RUNNING: Final = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'booking-desk'
       AND pid <> pg_backend_pid()
"""
# Dropping a schema takes along what others have built on it.
_OF_OTHERS: Final = """
    SELECT name
      FROM (SELECT oid::regclass::text AS name, relnamespace AS home FROM pg_class
            UNION ALL
            SELECT oid::regprocedure::text, pronamespace FROM pg_proc
            UNION ALL
            SELECT conname, connamespace FROM pg_constraint WHERE contype = 'f') AS thing
     WHERE home IN (SELECT oid FROM pg_namespace
                     WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'booking_desk')
"""


class CannotDetach(MigrationError):
    """The desk runs, or the school has built on its schema; nothing has changed."""


async def detach(connection: Connection) -> None:
    """Drop the triggers, and remember the bookings, so that `attach` finds what has changed.

    Raises:
        MigrationError: nothing has changed.
    """
    await _check(connection)

    async def drop() -> None:
        await connection.execute(_NO_TRIGGERS)
        await connection.execute(_REMEMBER, timeout=_SECONDS)
        await connection.execute("INSERT INTO booking_desk.faults (during) VALUES ($1)", DETACHED)

    await gently(connection, drop)


async def remove(connection: Connection) -> None:
    """Drop everything that is the desk's, and nothing else.

    Raises:
        MigrationError: nothing has changed.
    """
    await _check(connection)

    async def drop() -> None:
        columns = await connection.fetch("SELECT relation, name FROM booking_desk.own_columns")
        await connection.execute(f"{_NO_TRIGGERS}; {_NO_INDEXES}")
        for table, column in columns:
            await connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        before = await _of_others(connection)
        await connection.execute("DROP SCHEMA booking_desk CASCADE")
        if lost := before - await _of_others(connection):
            names = ", ".join(sorted(lost))
            raise CannotDetach(f"{names} uses the schema booking_desk; drop or change it first")

    await gently(connection, drop)


async def _check(connection: Connection) -> None:
    if await connection.fetchval("SELECT to_regclass('booking_desk.own_columns') IS NULL"):
        raise CannotDetach("the desk is not in this database")
    if n := await _running(connection):
        raise CannotDetach(f"the desk still has {n} connections to this database; stop it first")


async def _running(connection: Connection) -> int:
    """Count the desk's sessions; those of a program that has just ended may take a moment."""
    for _ in range(_LOOKS):
        if not await connection.fetchval(_RUNNING):
            return 0
        await asyncio.sleep(_LOOK_SECONDS)
    n: int = await connection.fetchval(_RUNNING)
    return n


async def _of_others(connection: Connection) -> set[str]:
    return {name for (name,) in await connection.fetch(_OF_OTHERS)}
