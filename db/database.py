"""The pool, and the only doors to it: `transaction()`, `snapshot()`, `statement()`, `lock()`."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Final, Self, TypeAlias

import asyncpg
import structlog

from db.adding.courses import CourseRepository
from db.adding.drafts import DraftRepository
from db.adding.imports import ImportRepository
from db.adding.rows import AddingRepository
from db.adoption.lines import Line
from db.adoption.look import look
from db.attachment.repair import repair
from db.attachment.schema import Schema
from db.bookings import BookingRepository
from db.connection import Connection
from db.decisions.actors import ActorRepository
from db.decisions.audit import AuditRepository
from db.decisions.bulks import BulkRepository
from db.decisions.claims import ClaimRepository
from db.decisions.questions import QuestionRepository
from db.decisions.reasons import ReasonRepository
from db.errors import DatabaseUnavailable, reason_of
from db.failures import FAILURES, REFUSALS, is_fault
from db.lists.counts import CountRepository
from db.lists.filtered import FilteredRepository
from db.lists.saved_queries import SavedQueryRepository
from db.lists.search import SearchRepository
from db.outbox.arrivals import ArrivalRepository
from db.outbox.copies import CopyRepository
from db.outbox.gates import GateRepository
from db.outbox.groups import GroupRepository
from db.outbox.messages import MessageRepository
from db.outbox.notices import NoticeRepository
from db.outbox.owing import OutboxRepository
from db.outbox.queue import QueueRepository
from db.outbox.reminders import ReminderRepository
from db.outbox.subscriptions import SubscriptionRepository
from db.people.names import NameRepository
from db.people.people import PersonRepository
from db.people.users import UserRepository
from db.server.address import Address, AddressError
from db.server.connecting import Connector
from db.server.lock import Lock
from db.server.pool import SessionPool
from db.sessions import ANSWER_SECONDS, Transaction
from db.signs import SignRepository
from db.streams import StreamRepository
from db.updates import UpdateRepository

_DIRECT_CONNECTIONS: Final = 3
"""One for each bot whose polling is locked, and one for repairs; migrations come before."""
LOCK_SECONDS: Final = 5
"""PostgreSQL ends a lock whose session is idle for longer."""
_STATEMENT_SECONDS: Final = 5
"""The most for a statement that is a transaction by itself; all of these are short."""
_NAMES_AT_ONCE: Final = 10_000
"""Bookings whose names are known when a start is over; the upkeep reads the others."""
_REFUSING_SECONDS: Final = 5
"""The desk is not ready for this long after the server has refused a change."""

logger = structlog.get_logger(__name__)

Allow: TypeAlias = Callable[[int | None], None]


def _anything(_: int | None) -> None:
    """Allow every course, for the desk's own work."""


class UnitOfWork:
    """All repositories over one connection; what they write commits together or not at all."""

    def __init__(self, connection: Connection, allow: Allow) -> None:
        """Work over a connection; `allow(course_id)` raises if the course is not permitted."""
        self._connection = connection
        self.allow: Final = allow
        self.actors = ActorRepository(connection)
        self.adding = AddingRepository(connection)
        self.arrivals = ArrivalRepository(connection)
        self.audit = AuditRepository(connection)
        self.bookings = BookingRepository(connection)
        self.copies = CopyRepository(connection)
        self.counts = CountRepository(connection)
        self.courses = CourseRepository(connection)
        self.drafts = DraftRepository(connection)
        self.imports = ImportRepository(connection)
        self.queue = QueueRepository(connection)
        self.filtered = FilteredRepository(connection)
        self.search = SearchRepository(connection)
        self.gates = GateRepository(connection)
        self.messages = MessageRepository(connection)
        self.names = NameRepository(connection)
        self.notices = NoticeRepository(connection)
        self.outbox = OutboxRepository(connection)
        self.groups = GroupRepository(connection)
        self.people = PersonRepository(connection)
        self.reminders = ReminderRepository(connection)
        self.signs = SignRepository(connection)
        self.subscriptions = SubscriptionRepository(connection)
        self.streams = StreamRepository(connection)
        self.updates = UpdateRepository(connection)
        self.users = UserRepository(connection)
        self.bulks = BulkRepository(connection)
        self.claims = ClaimRepository(connection)
        self.questions = QuestionRepository(connection)
        self.reasons = ReasonRepository(connection)
        self.saved_queries = SavedQueryRepository(connection)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Roll back only what the block has written if it raises.

        Raises:
            DatabaseUnavailable: an error that may pass, such as a row that is locked for long.
        """
        try:
            async with Transaction(self._connection):
                yield
        except FAILURES as error:
            if is_fault(error):
                raise
            raise _unavailable(error) from error


class Database:
    """A pool of connections to one database.

    Raises:
        DatabaseUnavailable: from every door, when PostgreSQL cannot be reached or goes away.
    """

    def __init__(self, pool: SessionPool, direct: SessionPool | None = None) -> None:
        self._pool = pool
        self._direct = direct or pool
        self._refused_at = float("-inf")

    @property
    def pool(self) -> SessionPool:
        """The sessions, for what measures them."""
        return self._pool

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, dsn: str, *, connections: int = 10, direct: str | None = None
    ) -> AsyncIterator[Self]:
        """Open at most `connections` connections, the first one at once.

        Args:
            dsn: Of PostgreSQL, or of a pooler in any mode if `direct` is given.
            connections: Three of them at `direct`; one at `dsn` in any case.
            direct: Of the same database without a pooler, for locks, migrations and repairs.
        """
        async with AsyncExitStack() as stack:
            # Every error of the first connection, also a wrong password, makes it unavailable.
            try:
                shared = direct is not None
                pool = SessionPool.opened(
                    Connector(Address.parse(dsn)),
                    most=max(1, connections - _DIRECT_CONNECTIONS) if shared else connections,
                    shared=shared,
                )
                pools = [await stack.enter_async_context(pool)]
                if direct is not None:
                    pool = SessionPool.opened(
                        Connector(Address.parse(direct)), most=_DIRECT_CONNECTIONS
                    )
                    pools.append(await stack.enter_async_context(pool))
                async with pools[0].session():
                    pass
            except AddressError as error:
                raise DatabaseUnavailable(f"the address {error}") from error
            except (*FAILURES, ValueError) as error:
                raise _unavailable(error) from error
            yield cls(*pools)

    async def migrate(self, *, timezone: str = "UTC") -> None:
        """Bring the schema up to date, and copy the names from the school's `courses`.

        Args:
            timezone: In which the school's dates without a zone are meant, if it has such dates.

        Raises:
            MigrationError: the schema cannot be brought up to date.
        """
        async with self.schema() as schema:
            await schema.update(timezone=timezone)
        async with self.transaction() as uow:
            await uow.streams.learn_from_courses()
            await uow.names.read(limit=_NAMES_AT_ONCE)

    async def repair(self) -> None:
        """Make up for writes of others that the triggers have missed, if it can be done."""
        try:
            with self._watched():
                async with self._direct.session() as connection:
                    await repair(connection)
        except asyncpg.PostgresError as error:
            # The cause may be there still, such as a column with another name.
            logger.warning("what was missed cannot be repaired yet", reason=reason_of(error))

    @asynccontextmanager
    async def schema(self) -> AsyncIterator[Schema]:
        """Yield what the database has of the desk's."""
        with self._watched():
            yield Schema(self._direct.session)

    async def look(self, *, timezone: str) -> Sequence[Line]:
        """Return one line for each thing there is to say of the database, and change nothing."""
        with self._watched():
            async with self._direct.session() as connection:
                return await look(connection, timezone=timezone)

    @asynccontextmanager
    async def transaction(self, *, allow: Allow = _anything) -> AsyncIterator[UnitOfWork]:
        """Commit when the block ends, roll back when it raises."""
        with self._watched():
            async with (
                self._pool.session() as connection,
                Transaction(connection, begin=self._pool.begin),
            ):
                yield UnitOfWork(connection, allow)

    @asynccontextmanager
    async def statement(self, *, allow: Allow = _anything) -> AsyncIterator[UnitOfWork]:
        """Run one statement without BEGIN and COMMIT, which saves two round trips."""
        with self._watched():
            async with self._pool.session() as connection, asyncio.timeout(_STATEMENT_SECONDS):
                yield UnitOfWork(connection, allow)

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[Lock]:
        """Compete for the advisory lock of this name; it is released when the block ends.

        PostgreSQL releases it also when nobody calls `ours()` for some seconds. It would notice
        after hours that a host has lost power.
        """
        with self._watched():
            async with self._direct.session() as connection:
                try:
                    limit = f"SET idle_session_timeout = '{LOCK_SECONDS}s'"
                    await connection.execute(limit, timeout=ANSWER_SECONDS)
                    yield Lock(connection, name)
                finally:
                    # A lost connection has left the pool, and cannot be terminated again.
                    with suppress(asyncpg.InterfaceError):
                        connection.terminate()

    @asynccontextmanager
    async def snapshot(self, *, allow: Allow = _anything) -> AsyncIterator[UnitOfWork]:
        """Read only, from one snapshot, so that a page and its counts agree."""
        with self._watched():
            kind = {"isolation": "repeatable_read", "readonly": True}
            async with (
                self._pool.session() as connection,
                Transaction(connection, begin=self._pool.begin, **kind),
            ):
                yield UnitOfWork(connection, allow)

    async def ping(self) -> None:
        """Check that PostgreSQL answers, and as far as is known accepts changes."""
        with self._watched():
            async with self._pool.session() as connection, asyncio.timeout(ANSWER_SECONDS):
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


def _unavailable(error: Exception) -> DatabaseUnavailable:
    return DatabaseUnavailable(reason_of(error))
