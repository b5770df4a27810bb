"""The state of a database that belongs to a school and its desk, and how it is changed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import asyncpg
import structlog

from db.adoption.look import look_first
from db.attachment.attach import Connect, attach
from db.attachment.detach import detach, remove, whole_or_nothing
from db.attachment.parts import missing
from db.errors import MigrationError, reason_of
from db.failures import is_fault
from db.migrate import alone, migrate, pending
from db.sessions import LIMITS, NO_LIMITS

_TO_DO: Final = "run python -m bot migrate, or start with RUN_MIGRATIONS=true"
_REFUSALS: Final = (asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)

logger = structlog.get_logger(__name__)


class Schema:
    """Everything of the desk's in a database; `connect` yields a connection to it."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect

    async def update(self, *, timezone: str) -> None:
        """Apply the migrations, and attach the desk to the school's tables.

        The first time it is done whole, or not at all.

        Raises:
            MigrationError: the schema cannot be brought up to date.
        """
        async with self._connect() as connection:
            await connection.execute(NO_LIMITS)
            await connection.execute("SELECT set_config('booking_desk.zone', $1, false)", timezone)
            with _refusals():
                await look_first(connection, timezone=timezone)
                async with alone(connection), whole_or_nothing(connection):
                    for name in await migrate(connection):
                        logger.info("migrated", file=name)
                    await attach(connection, self._connect)
            await connection.execute(LIMITS)

    async def plan(self) -> Sequence[str]:
        """Return what `update` would do, a line each; change nothing.

        Raises:
            MigrationError: the database cannot be brought up to date.
        """
        async with self._connect() as connection, connection.transaction(readonly=True):
            lines = [f"apply {name}" for name in await pending(connection)]
            lacking = await missing(connection)
        lines += [f"add {table}.{column} (a short lock)" for table, column in lacking.columns]
        lines += [f"build {name} (beside writers)" for name in lacking.indexes]
        lines += [f"create {name} (a short lock)" for name in lacking.triggers]
        if lacking.triggers or lacking.repair:
            lines.append("count the bookings, and learn their streams and names (beside writers)")
        return lines

    async def check(self) -> None:
        """Check that `update` would do nothing.

        Raises:
            MigrationError: it would do something.
        """
        if lines := await self.plan():
            raise MigrationError(f"{len(lines)} changes are missing ({lines[0]} …); {_TO_DO}")

    async def detach(self, *, everything: bool) -> None:
        """Take the triggers away, or everything of the desk's.

        Raises:
            MigrationError: nothing has changed.
        """
        async with self._connect() as connection:
            with _refusals():
                await (remove(connection) if everything else detach(connection))


@contextmanager
def _refusals() -> Iterator[None]:
    """Tell what PostgreSQL refuses from what may pass."""
    try:
        yield
    except asyncpg.PostgresError as error:
        if is_fault(error) or isinstance(error, _REFUSALS):
            raise MigrationError(reason_of(error)) from error
        raise
