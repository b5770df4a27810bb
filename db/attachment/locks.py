"""Locks of the school's tables, asked for so that no other program waits long for the desk."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import chain, repeat
from typing import Final, TypeVar

import asyncpg
import structlog

from db.connection import Connection
from db.errors import MigrationError

_WAIT: Final = "400ms"
"""Whoever comes after the desk waits as long as the desk; a change takes two locks at most."""
_PAUSES: Final = (0.5, 1, 2, 4, 8)
"""Seconds between attempts; the last one repeats."""
_PATIENCE: Final = 600
_WATCH_SECONDS: Final = 1.0
_SCHOOLS: Final = ("bookings", "users")

T = TypeVar("T")
logger = structlog.get_logger(__name__)


class TablesBusy(MigrationError):
    """Other programs have kept the tables locked for long."""


async def gently(connection: Connection, change: Callable[[], Awaitable[T]]) -> T:
    """Make a change in a transaction that steps back and tries again when it would have to wait.

    Raises:
        TablesBusy: after ten minutes.
    """
    told: set[int] = set()
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
        try:
            async with connection.transaction():
                await connection.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
                return await change()
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            holders = await connection.fetch(_HOLDERS, _SCHOOLS)
            _tell(holders, told)
        if asyncio.get_running_loop().time() > deadline:
            break
        await asyncio.sleep(pause)
    raise TablesBusy("other programs keep the school's tables locked; the log names them")


@asynccontextmanager
async def watched(connection: Connection, other: Connection) -> AsyncIterator[None]:
    """Tell for whom the statements of the block wait; `other` asks."""

    async def watch() -> None:
        told: set[int] = set()
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            _tell(await other.fetch(_BLOCKERS, connection.get_server_pid()), told)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await watching


_SESSIONS: Final = """
    SELECT pid, application_name, state,
           extract(epoch FROM clock_timestamp() - xact_start)::integer AS seconds
      FROM pg_stat_activity
     WHERE pid <> pg_backend_pid()
"""
_HOLDERS: Final = f"""
    {_SESSIONS}
       AND pid IN (SELECT pid FROM pg_locks
                    WHERE granted AND relation IN (SELECT to_regclass(name)
                                                     FROM unnest($1::text[]) AS name)
                      AND database = (SELECT oid FROM pg_database
                                       WHERE datname = current_database()))
     ORDER BY xact_start
"""
_BLOCKERS: Final = f"{_SESSIONS} AND pid = ANY(pg_blocking_pids($1)) ORDER BY xact_start"


def _tell(sessions: list[asyncpg.Record], told: set[int]) -> None:
    """Name the oldest transaction in the log, once."""
    if not sessions or sessions[0]["pid"] in told:
        return
    told.add(sessions[0]["pid"])
    pid, application, state, seconds = sessions[0]
    logger.warning(
        "waiting for another program's transaction",
        pid=pid,
        application=application,
        state=state,
        seconds=seconds,
    )
