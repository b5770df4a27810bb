"""Work that runs once at a time for each number."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from db.errors import DatabaseUnavailable

_WAIT_SECONDS: Final = 3


class OneAtATime:
    """A turn for each number; waiting for one needs no database connection."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, number: int) -> AsyncIterator[None]:
        """Wait for the turn, and keep it until the block ends.

        Raises:
            DatabaseUnavailable: the turn does not come in time.
        """
        turn = self._turns.setdefault(number, asyncio.Lock())
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await turn.acquire()
        except TimeoutError:
            raise DatabaseUnavailable(f"something else waits for number {number}") from None
        try:
            yield
        finally:
            turn.release()
