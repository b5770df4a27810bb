"""Take the desk away from the school's tables."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import structlog

from db.attachment.locks import gently
from db.attachment.parts import INDEXES, TRIGGER_NAMES
from db.attachment.repair import DETACHED
from db.connection import Connection
from db.errors import MigrationError, reason_of
from db.failures import FAILURES

_SECONDS: Final = 600
_LOOKS: Final = 20
_LOOK_SECONDS: Final = 0.1
_NO_TRIGGERS: Final = "; ".join(
    f"DROP TRIGGER IF EXISTS {name} ON bookings" for name in TRIGGER_NAMES
)
_NO_INDEXES: Final = f"DROP INDEX IF EXISTS {', '.join(INDEXES)}"
_STANDING: Final = """
    DROP TABLE IF EXISTS booking_desk.standing;
    CREATE TABLE booking_desk.standing (LIKE booking_desk.remembered INCLUDING ALL)
"""
"""How each booking stands, while the triggers are still there; writers do not wait for it."""
_OLDEST: Final = "SELECT pg_snapshot_xmin(pg_current_snapshot())::xid::text"
_COPY: Final = """
    INSERT INTO booking_desk.standing
    SELECT id, true, revision, booking_desk.person_id(user_id), booking_desk.whole(confirmed),
           booking_desk.whole(course_id), course_stream
      FROM bookings
"""
# What the copy has not seen was written by a transaction that began after the oldest one then.
_IS_NEWER: Final = "age({}.xmin) <= age($1::text::xid)"
_FORGET_DELETED: Final = f"""
    DELETE FROM booking_desk.standing
     USING booking_desk.audit AS gone
     WHERE gone.action = 'delete' AND {_IS_NEWER.format("gone")}
       AND standing.booking_id = gone.booking_id AND standing.revision < gone.revision
"""
_AS_IT_IS: Final = """
    ON CONFLICT (booking_id) DO UPDATE
       SET (existed, revision, user_id, confirmed, course_id, course_stream)
         = (excluded.existed, excluded.revision, excluded.user_id, excluded.confirmed,
            excluded.course_id, excluded.course_stream)
"""
_COPY_NEWER: Final = f"{_COPY} WHERE {_IS_NEWER.format('bookings')} {_AS_IT_IS}"
# What is remembered already was missed, and is older.
_REMEMBER: Final = f"""
    INSERT INTO booking_desk.standing SELECT * FROM booking_desk.remembered {_AS_IT_IS};
    DROP TABLE booking_desk.remembered;
    ALTER TABLE booking_desk.standing RENAME TO remembered;
    ALTER TABLE booking_desk.remembered RENAME CONSTRAINT standing_pkey TO remembered_pkey
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

logger = structlog.get_logger(__name__)


class CannotDetach(MigrationError):
    """The desk runs, or the school has built on its schema; nothing has changed."""


async def detach(connection: Connection) -> None:
    """Drop the triggers, and remember the bookings, so that `attach` finds what has changed.

    Raises:
        MigrationError: nothing has changed.
    """
    await _check(connection)

    await connection.execute(_STANDING)
    oldest = await connection.fetchval(_OLDEST)
    await connection.execute(_COPY, timeout=_SECONDS)

    async def drop() -> None:
        await connection.execute(_NO_TRIGGERS)
        await connection.execute(_FORGET_DELETED, oldest)
        await connection.execute(_COPY_NEWER, oldest, timeout=_SECONDS)
        await connection.execute(_REMEMBER)
        await connection.execute("INSERT INTO booking_desk.faults (during) VALUES ($1)", DETACHED)

    await gently(connection, drop)


async def remove(connection: Connection) -> None:
    """Drop everything that is the desk's, and nothing else.

    Raises:
        MigrationError: nothing has changed.
    """
    await _check(connection)

    await gently(connection, partial(_take_away, connection))


@asynccontextmanager
async def whole_or_nothing(connection: Connection) -> AsyncIterator[None]:
    """Take away what the first start has added if it fails; a later one goes on where it ended."""
    is_first = await connection.fetchval("SELECT to_regnamespace('booking_desk') IS NULL")
    try:
        yield
    except Exception:
        if is_first and not connection.is_closed():
            await _give_up(connection)
        raise


async def _give_up(connection: Connection) -> None:
    try:
        await gently(connection, partial(_take_away, connection))
    except (*FAILURES, MigrationError) as error:
        reason = reason_of(error)
        logger.warning("what the first start has added stays, for the next one", reason=reason)
    else:
        logger.warning("what the first start had added is taken away again")


async def _take_away(connection: Connection) -> None:
    columns = []
    if await _is_here(connection):
        columns = await connection.fetch("SELECT relation, name FROM booking_desk.own_columns")
    await connection.execute(f"{_NO_TRIGGERS}; {_NO_INDEXES}")
    for table, column in columns:
        await connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    before = await _of_others(connection)
    await connection.execute("DROP SCHEMA IF EXISTS booking_desk CASCADE")
    if lost := before - await _of_others(connection):
        names = ", ".join(sorted(lost))
        raise CannotDetach(f"{names} uses the schema booking_desk; drop or change it first")


async def _check(connection: Connection) -> None:
    if not await _is_here(connection):
        raise CannotDetach("the desk is not in this database")
    if n := await _running(connection):
        raise CannotDetach(f"the desk still has {n} connections to this database; stop it first")


async def _is_here(connection: Connection) -> bool:
    here = "SELECT to_regclass('booking_desk.own_columns') IS NOT NULL"
    is_here: bool = await connection.fetchval(here)
    return is_here


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
