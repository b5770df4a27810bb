"""Sessions of PostgreSQL, which may go silent; every wait for one has a limit."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final
from weakref import WeakSet

import asyncpg

from db.connection import Connection
from db.failures import FAILURES

ANSWER_SECONDS: Final = 3
"""The most for a command that costs the server nothing, such as BEGIN."""
FAREWELL_SECONDS: Final = 1
"""The most for a rollback and a release after an error; then the session is terminated."""
LIMITS: Final = """
    SET lock_timeout = '2s';
    SET idle_in_transaction_session_timeout = '10s'
"""
"""The first limits waits for locks of others; the second frees the locks of a lost host."""
NO_LIMITS: Final = "SET lock_timeout = 0"
"""For migrations, which wait for other programs as long as it takes."""


class Transaction:
    """A transaction or a savepoint with time limits for its beginning and its rollback."""

    def __init__(self, connection: Connection, **kind: object) -> None:
        self._connection = connection
        self._transaction = connection.transaction(**kind)

    async def __aenter__(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._transaction.start()
        except BaseException:
            # The transaction may have begun all the same.
            self._terminate()
            raise

    async def __aexit__(
        self,
        _: type[BaseException] | None,
        error: BaseException | None,
        __: TracebackType | None,
    ) -> None:
        if error is None:
            await self._transaction.commit()
        else:
            await self._roll_back()

    async def _roll_back(self) -> None:
        try:
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._transaction.rollback()
        except FAILURES:
            # PostgreSQL rolls back a transaction that loses its session.
            self._terminate()

    def _terminate(self) -> None:
        # A connection that the server has closed has left the pool.
        with suppress(asyncpg.InterfaceError):
            self._connection.terminate()


class Sessions:
    """The open sessions of a pool, and which of them are in use."""

    def __init__(self) -> None:
        self._open: WeakSet[Connection] = WeakSet()
        self._used: set[int] = set()

    async def opened(self, connection: Connection) -> None:
        # Not as startup parameters, which poolers refuse.
        await connection.execute(LIMITS, timeout=ANSWER_SECONDS)
        self._open.add(connection)

    def take(self, connection: Connection) -> int:
        """Note that a session is in use; return its number for `leave`."""
        number: int = connection.get_server_pid()
        self._used.add(number)
        return number

    def leave(self, number: int) -> None:
        self._used.discard(number)

    def end_idle(self) -> None:
        """Terminate the sessions that are not in use."""
        for connection in list(self._open):
            if connection.is_closed():
                continue
            if connection.get_server_pid() not in self._used:
                connection.terminate()
