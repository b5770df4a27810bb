"""A pool of sessions, which may go silent; every wait for one has a limit."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final, Self
from weakref import WeakSet

import asyncpg

from db.connection import Connection, Pool
from db.failures import FAILURES
from db.server.connecting import Connector, Session
from db.sessions import ANSWER_SECONDS, FAREWELL_SECONDS, LIMITS

APPLICATION_NAME: Final = "booking-desk"
"""The triggers tell the desk's writes by it; see migrations/0011_writes.sql."""
CONNECT_SECONDS: Final = 5
"""The most for a session, whether one is free or must be opened."""
_CLOSE_SECONDS: Final = 1
_COMMAND_SECONDS: Final = 15
_KEPT_STATEMENTS: Final = 100
_SHARED: Final = f"SET LOCAL application_name = '{APPLICATION_NAME}'; " + LIMITS.replace(
    "SET ", "SET LOCAL "
)


class SessionPool:
    """asyncpg's pool, whose sessions leave it when they do not answer.

    Shared sessions are those of a pooler that lends each for one transaction or statement: nothing
    stays in them, and transactions bring their limits along.
    """

    def __init__(self, pool: Pool = None, *, shared: bool = False) -> None:
        self._pool = pool
        self._shared = shared
        self.begin: Final = _SHARED if shared else ""
        """What every transaction begins with."""
        self._open: WeakSet[Connection] = WeakSet()
        self._used: set[int] = set()
        self.on_wait: Callable[[float], None] = lambda _: None
        """Called with the seconds of each wait for a session."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """The number of open sessions, used and idle."""
        return {"used": len(self._used), "idle": self._pool.get_size() - len(self._used)}

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, connector: Connector, *, most: int, shared: bool = False
    ) -> AsyncIterator[Self]:
        """Open sessions when they are wanted, and close them when the block ends."""
        self = cls(shared=shared)

        async def connect(_: None, **options: object) -> Session:
            return await connector.connect(
                seconds=CONNECT_SECONDS, name=APPLICATION_NAME, **options
            )

        self._pool = await asyncpg.create_pool(
            connect=connect,
            connection_class=Session,
            # asyncpg would try for ever to reach a minimum, and log tracebacks.
            min_size=0,
            max_size=most,
            command_timeout=_COMMAND_SECONDS,
            # Another client of the pooler would meet the statements that are kept.
            statement_cache_size=0 if shared else _KEPT_STATEMENTS,
            init=self._note,
            reset=_as_it_is,
        )
        try:
            yield self
            with suppress(TimeoutError):
                await asyncio.wait_for(self._pool.close(), _CLOSE_SECONDS)
        finally:
            self._pool.terminate()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Connection]:
        began = asyncio.get_running_loop().time()
        # The pool's own time limit would start a task, which costs more CPU.
        async with asyncio.timeout(CONNECT_SECONDS):
            connection = await self._pool.acquire()
        self.on_wait(asyncio.get_running_loop().time() - began)
        number: int = connection.get_server_pid()
        self._used.add(number)
        try:
            yield connection
        except BaseException as error:
            await self._part(connection, number, error)
            raise
        self._used.discard(number)
        await self._pool.release(connection)

    async def _note(self, connection: Connection) -> None:
        if not self._shared:
            # Not as startup parameters, which poolers refuse.
            await connection.execute(LIMITS, timeout=ANSWER_SECONDS)
        self._open.add(connection)

    async def _part(self, connection: Connection, number: int, error: BaseException) -> None:
        """Release a session after an error, or terminate it if it does not answer."""
        if isinstance(error, asyncio.CancelledError):
            # PostgreSQL may be in the middle of preparing a statement, and take the next BEGIN for
            # a part of that.
            with suppress(asyncpg.InterfaceError):
                connection.terminate()
        try:
            with suppress(*FAILURES):
                await self._pool.release(connection, timeout=FAREWELL_SECONDS)
        finally:
            self._used.discard(number)
        # Idle sessions are as silent as this one, or lead to the same demoted server.
        if isinstance(error, (TimeoutError, asyncpg.ReadOnlySQLTransactionError)):
            self._end_idle()

    def _end_idle(self) -> None:
        for connection in list(self._open):
            if connection.is_closed():
                continue
            if connection.get_server_pid() not in self._used:
                connection.terminate()


async def _as_it_is(_: Connection) -> None:
    """Do not reset the session after a transaction.

    The pool would send one more query after each transaction, which costs CPU. No transaction of
    the desk changes its session. Only an advisory lock does, and its session ends with it.
    """
