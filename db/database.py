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
from db.failures import FAILURES, REFUSALS, is_fault
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
from db.sessions import (
    ANSWER_SECONDS,
    FAREWELL_SECONDS,
    LIMITS,
    NO_LIMITS,
    Sessions,
    Transaction,
)
from db.streams import StreamRepository
from db.updates import UpdateRepository

APPLICATION_NAME: Final = "booking-desk"
"""Tells our own writes from those of other programs; see migrations/0004_audit.sql."""

_ACQUIRE_SECONDS: Final = 5
_CLOSE_SECONDS: Final = 1
LOCK_SECONDS: Final = 5
"""A lock is taken from whoever is silent for so long."""
_COMMAND_SECONDS: Final = 15
_STATEMENT_SECONDS: Final = 5
"""For what is a transaction by itself, and never long."""
_REFUSING_SECONDS: Final = 5
"""A server that has refused a change is taken for one that still does so for so long."""

logger = structlog.get_logger(__name__)

Allow: TypeAlias = Callable[[int | None], None]


def _anything(_: int | None) -> None:
    """Allow every course: the work is the desk's own."""


class UnitOfWork:
    """Every repository over one connection: what they write commits together or not at all."""

    def __init__(self, connection: Connection, allow: Allow) -> None:
        """Work over a connection; `allow(course_id)` raises where the course is not for whom."""
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
        """Take back what the block has written when it raises, and nothing else."""
        async with Transaction(self._connection):
            yield


class Database:
    """A pool of connections to one database.

    Raises:
        DatabaseUnavailable: from every door, when PostgreSQL cannot be reached or goes away.
    """

    def __init__(self, pool: Pool, sessions: Sessions | None = None) -> None:
        self._pool = pool
        self._sessions = sessions or Sessions()
        self._refused_at = float("-inf")

    @classmethod
    @asynccontextmanager
    async def connect(cls, dsn: str, *, connections: int = 10) -> AsyncIterator[Self]:
        """Open at most `connections` connections, the first one at once."""
        sessions = Sessions()
        try:
            pool = await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=connections,
                timeout=_ACQUIRE_SECONDS,
                command_timeout=_COMMAND_SECONDS,
                init=sessions.opened,
                reset=_as_it_is,
                server_settings={"application_name": APPLICATION_NAME},
            )
        # Whatever stands in the way of the first connection makes the database unavailable:
        # a wrong password, an unknown name, an address that is none.
        except (*FAILURES, ValueError) as error:
            raise _unavailable(error) from error
        try:
            yield cls(pool, sessions)
            with suppress(TimeoutError):
                await asyncio.wait_for(pool.close(), _CLOSE_SECONDS)
        finally:
            pool.terminate()

    async def migrate(self) -> None:
        """Bring the schema up to date, and take over the names that the school knows.

        Raises:
            MigrationError: it cannot be.
        """
        with self._watched():
            async with self._connection() as connection:
                await connection.execute(NO_LIMITS)
                await _migrate(connection)
                await connection.execute(LIMITS)
        async with self.transaction() as uow:
            await uow.streams.learn_from_courses()

    @asynccontextmanager
    async def transaction(self, *, allow: Allow = _anything) -> AsyncIterator[UnitOfWork]:
        """Commit when the block ends, roll back when it raises."""
        with self._watched():
            async with self._connection() as connection, Transaction(connection):
                yield UnitOfWork(connection, allow)

    @asynccontextmanager
    async def statement(self, *, allow: Allow = _anything) -> AsyncIterator[UnitOfWork]:
        """Run one statement, a transaction by itself, which spares two round trips."""
        with self._watched():
            async with self._connection() as connection, asyncio.timeout(_STATEMENT_SECONDS):
                yield UnitOfWork(connection, allow)

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator["Lock"]:
        """Compete for an advisory lock of this name; it is given back when the block ends.

        PostgreSQL takes it from whoever does not ask `ours()` for some seconds, such as a host
        without power, of whose end it would otherwise learn after hours.
        """
        with self._watched():
            async with self._connection() as connection:
                try:
                    limit = f"SET idle_session_timeout = '{LOCK_SECONDS}s'"
                    await connection.execute(limit, timeout=ANSWER_SECONDS)
                    yield Lock(connection, name)
                finally:
                    # One that is lost has left the pool, and cannot be ended twice.
                    with suppress(asyncpg.InterfaceError):
                        connection.terminate()

    @asynccontextmanager
    async def snapshot(self, *, allow: Allow = _anything) -> AsyncIterator[UnitOfWork]:
        """Read only, from one moment in time: a page and its counts always agree."""
        with self._watched():
            async with (
                self._connection() as connection,
                Transaction(connection, isolation="repeatable_read", readonly=True),
            ):
                yield UnitOfWork(connection, allow)

    async def ping(self) -> None:
        """Ask whether PostgreSQL is there, and takes changes as far as is known."""
        with self._watched():
            async with self._connection() as connection, asyncio.timeout(ANSWER_SECONDS):
                if await connection.fetchval("SHOW transaction_read_only") == "on":
                    raise asyncpg.ReadOnlySQLTransactionError("the server takes no changes")
        if asyncio.get_running_loop().time() - self._refused_at < _REFUSING_SECONDS:
            raise DatabaseUnavailable("the server has just refused a change")

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except FAILURES as error:
            if is_fault(error):
                raise
            if isinstance(error, REFUSALS):
                self._refused_at = asyncio.get_running_loop().time()
            raise _unavailable(error) from error

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        # The pool's own time limit would make a task of it, for 3 % more CPU a transaction.
        async with asyncio.timeout(_ACQUIRE_SECONDS):
            connection = await self._pool.acquire()
        number = self._sessions.take(connection)
        try:
            yield connection
        except BaseException as error:
            await self._part(connection, number, error)
            raise
        self._sessions.leave(number)
        await self._pool.release(connection)

    async def _part(self, connection: Connection, number: int, error: BaseException) -> None:
        """Give back a session in which something failed; what does not answer is ended."""
        try:
            with suppress(*FAILURES):
                await self._pool.release(connection, timeout=FAREWELL_SECONDS)
        finally:
            self._sessions.leave(number)
        # One that is silent, or leads to a server that another one has followed, is not alone.
        if isinstance(error, (TimeoutError, asyncpg.ReadOnlySQLTransactionError)):
            self._sessions.end_idle()


class Lock:
    """An advisory lock of the database: at most one program has it."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = f"{APPLICATION_NAME} {name}"
        self._taken = False

    async def ours(self) -> bool:
        """Take the lock if it is free; whether it is ours now."""
        if self._taken:
            # It goes with the connection, which may be gone.
            await self._connection.execute("SELECT 1", timeout=ANSWER_SECONDS)
        else:
            self._taken = await self._connection.fetchval(
                "SELECT pg_try_advisory_lock(hashtextextended($1, 0))",
                self._name,
                timeout=ANSWER_SECONDS,
            )
        return self._taken


async def _as_it_is(_: Connection) -> None:
    """Leave a session as a transaction has left it: unchanged.

    The pool would send a query after each transaction, for a sixth more CPU where that has two
    statements, and for what none of ours does. Only a lock outlasts one, and its session ends
    with it.
    """


async def _migrate(connection: Connection) -> None:
    try:
        for name in await migrate(connection):
            logger.info("migrated", file=name)
    except (asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError) as error:
        raise MigrationError(str(error)) from error


def _unavailable(error: Exception) -> DatabaseUnavailable:
    return DatabaseUnavailable(str(error) or type(error).__name__)
