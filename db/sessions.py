"""Sessions of PostgreSQL that may go silent: no wait for one is without an end."""

import asyncio
from types import TracebackType
from typing import Final
from weakref import WeakSet

from db.connection import Connection
from db.failures import FAILURES

ANSWER_SECONDS: Final = 3
"""How long a server may take for what costs it nothing, such as to begin a transaction."""
FAREWELL_SECONDS: Final = 1
"""How long a session in which something failed may take to be of use again."""
LIMITS: Final = """
    SET lock_timeout = '2s';
    SET idle_in_transaction_session_timeout = '10s'
"""
"""Of a session: for what others have locked, and for what it has locked when its host is lost."""
NO_LIMITS: Final = "SET lock_timeout = 0"
"""For who has to wait for others, however long."""


class Transaction:
    """A transaction, or a savepoint in one, whose beginning and rollback are bounded."""

    def __init__(self, connection: Connection, **kind: object) -> None:
        self._connection = connection
        self._transaction = connection.transaction(**kind)

    async def __aenter__(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._transaction.start()
        except BaseException:
            # Nobody knows whether it has begun.
            self._connection.terminate()
            raise

    async def __aexit__(
        self,
        _: type[BaseException] | None,
        error: BaseException | None,
        __: TracebackType | None,
    ) -> None:
        if error is None:
            await self._transaction.commit()
        elif not self._connection.is_closed():
            await self._roll_back()

    async def _roll_back(self) -> None:
        try:
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._transaction.rollback()
        except FAILURES:
            # PostgreSQL rolls back what has lost its session.
            self._connection.terminate()


class Sessions:
    """The open sessions of a pool, and which of them somebody uses."""

    def __init__(self) -> None:
        self._open: WeakSet[Connection] = WeakSet()
        self._used: set[int] = set()

    async def opened(self, connection: Connection) -> None:
        # Not as it begins: poolers refuse what they do not know.
        await connection.execute(LIMITS, timeout=ANSWER_SECONDS)
        self._open.add(connection)

    def take(self, connection: Connection) -> int:
        """Note that a session is in use; return what to `leave` it by."""
        number: int = connection.get_server_pid()
        self._used.add(number)
        return number

    def leave(self, number: int) -> None:
        self._used.discard(number)

    def end_idle(self) -> None:
        """End those that nobody uses: what has become of one has become of them."""
        for connection in list(self._open):
            if connection.is_closed():
                continue
            if connection.get_server_pid() not in self._used:
                connection.terminate()
