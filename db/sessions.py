"""Transactions with time limits, because a session of PostgreSQL may go silent."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Final

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

    def __init__(self, connection: Connection, *, begin: str = "", **kind: object) -> None:
        """Begin a transaction of that kind, and then execute `begin`."""
        self._connection = connection
        self._begin = begin
        self._transaction = connection.transaction(**kind)

    async def __aenter__(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._transaction.start()
                if self._begin:
                    await self._connection.execute(self._begin)
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
