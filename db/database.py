"""The pool, and the only doors to it: `transaction()`, `snapshot()`, `statement()`, `lock()`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final, Self, TypeAlias

import asyncpg
import structlog

from db.audit import AuditRepository
from db.bookings import BookingRepository
from db.connection import Connection, Pool
from db.errors import DatabaseUnavailable
from db.lists.counts import CountRepository
from db.lists.filtered import FilteredRepository
from db.lists.saved_queries import SavedQueryRepository
from db.lists.search import SearchRepository
from db.migrate import MigrationError, migrate
from db.outbox.gates import GateRepository
from db.outbox.messages import MessageRepository
from db.outbox.owing import OutboxRepository
from db.outbox.queue import QueueRepository
from db.people.names import NameRepository
from db.people.people import PersonRepository
from db.people.users import UserRepository
from db.streams import StreamRepository
from db.updates import UpdateRepository

APPLICATION_NAME: Final = "booking-desk"
"""The triggers tell the desk's writes by it; see migrations/0004_audit.sql."""

_ACQUIRE_SECONDS: Final = 5
_CLOSE_SECONDS: Final = 3
_COMMAND_SECONDS: Final = 15
logger = structlog.get_logger(__name__)

_LOST: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    # The database accepts no connections at the moment, or the password was changed.
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InterfaceError,
    # PostgreSQL ends one of two transactions that wait for each other.
    asyncpg.TransactionRollbackError,
    # A connection that is killed during a statement can raise this.
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)


Allow: TypeAlias = Callable[[int | None], None]


def _anything(_: int | None) -> None:
    """Allow every course, for the desk's own work."""


class UnitOfWork:
    """All repositories over one connection; what they write commits together or not at all."""

    def __init__(self, connection: Connection, allow: Allow) -> None:
        """Work over a connection; `allow(course_id)` raises if the course is not permitted."""
        self._connection = connection
        self.allow: Final = allow
        self.audit = AuditRepository(connection)
        self.bookings = BookingRepository(connection)
        self.counts = CountRepository(connection)
        self.queue = QueueRepository(connection)
        self.filtered = FilteredRepository(connection)
        self.search = SearchRepository(connection)
        self.gates = GateRepository(connection)
        self.messages = MessageRepository(connection)
        self.names = NameRepository(connection)
        self.outbox = OutboxRepository(connection)
        self.people = PersonRepository(connection)
        self.streams = StreamRepository(connection)
        self.updates = UpdateRepository(connection)
        self.users = UserRepository(connection)
        self.saved_queries = SavedQueryRepository(connection)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Roll back only what the block has written if it raises."""
        async with self._connection.transaction():
            yield


class Database:
    """A pool of connections to one database.

    Raises:
        DatabaseUnavailable: from every door, when PostgreSQL cannot be reached or goes away.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def connect(cls, dsn: str, *, connections: int = 10) -> AsyncIterator[Self]:
        """Open at most `connections` connections, the first one at once."""
        # Every error of the first connection means that the database is unavailable: a wrong
        # password, an unknown name, an invalid address.
        with _unavailable(asyncpg.PostgresError, ValueError):
            pool = await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=connections,
                timeout=_ACQUIRE_SECONDS,
                command_timeout=_COMMAND_SECONDS,
                reset=_as_it_is,
                server_settings={"application_name": APPLICATION_NAME},
            )
        try:
            yield cls(pool)
            with suppress(TimeoutError):
                await asyncio.wait_for(pool.close(), _CLOSE_SECONDS)
        finally:
            pool.terminate()

    async def migrate(self) -> None:
        """Bring the schema up to date, and copy the names from the school's `courses`.

        Raises:
            MigrationError: the schema cannot be brought up to date.
        """
        with _unavailable():
            async with self._connection() as connection:
                await _migrate(connection)
        async with self.transaction() as uow:
            await uow.streams.learn_from_courses()

    @asynccontextmanager
    async def transaction(self, *, allow: Allow = _anything) -> AsyncIterator[UnitOfWork]:
        """Commit when the block ends, roll back when it raises."""
        with _unavailable():
            async with self._connection() as connection, connection.transaction():
                yield UnitOfWork(connection, allow)

    @asynccontextmanager
    async def statement(self, *, allow: Allow = _anything) -> AsyncIterator[UnitOfWork]:
        """Run one statement without BEGIN and COMMIT, which saves two round trips."""
        with _unavailable():
            async with self._connection() as connection:
                yield UnitOfWork(connection, allow)

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator["Lock"]:
        """Compete for the advisory lock of this name; it is released when the block ends."""
        with _unavailable():
            async with self._connection() as connection:
                try:
                    yield Lock(connection, name)
                finally:
                    # A lost connection has left the pool, and cannot be terminated again.
                    with suppress(asyncpg.InterfaceError):
                        connection.terminate()

    @asynccontextmanager
    async def snapshot(self, *, allow: Allow = _anything) -> AsyncIterator[UnitOfWork]:
        """Read only, from one snapshot, so that a page and its counts agree."""
        with _unavailable():
            async with (
                self._connection() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                yield UnitOfWork(connection, allow)

    async def ping(self) -> None:
        """Check that PostgreSQL answers."""
        with _unavailable():
            await self._pool.execute("SELECT 1")

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        # The pool's own time limit would start a task, which costs more CPU.
        async with asyncio.timeout(_ACQUIRE_SECONDS):
            connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            await self._pool.release(connection)


class Lock:
    """An advisory lock of the database; at most one program holds it."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = f"{APPLICATION_NAME} {name}"
        self._taken = False

    async def ours(self) -> bool:
        """Take the lock if it is free; return whether it is ours now."""
        if self._taken:
            # The lock ends with its connection, so the connection is checked.
            await self._connection.execute("SELECT 1")
        else:
            self._taken = await self._connection.fetchval(
                "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", self._name
            )
        return self._taken


async def _as_it_is(_: Connection) -> None:
    """Do not reset the session after a transaction.

    The pool would send one more query after each transaction, which costs CPU. No transaction of
    the desk changes its session. Only an advisory lock does, and its session ends with it.
    """


async def _migrate(connection: Connection) -> None:
    try:
        for name in await migrate(connection):
            logger.info("migrated", file=name)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError) as error:
        raise MigrationError(str(error)) from error


@contextmanager
def _unavailable(*also: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (*_LOST, *also) as error:
        raise DatabaseUnavailable(str(error) or type(error).__name__) from error
