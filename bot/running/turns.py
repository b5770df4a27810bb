"""Turns: how many are served at once, and who is next."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Line:
    """So many turns at once, and of these so many for one person.

    People are called one after the other, so who asks often waits behind nobody's back but
    their own.
    """

    def __init__(self, places: int, each: int) -> None:
        self._free = places
        self._each = each
        self._waiting: dict[int, deque[asyncio.Future[None]]] = {}
        """By person, whoever is called next first."""
        self._served: Counter[int] = Counter()

    def waiting(self, person: int) -> int:
        """Return how many turns this person waits for."""
        return len(self._waiting.get(person, ()))

    @asynccontextmanager
    async def turn(self, person: int) -> AsyncIterator[None]:
        """Wait for the person's turn, and keep it until the block ends."""
        call = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(person, deque()).append(call)
        self._call()
        try:
            await call
            yield
        finally:
            if not call.cancelled():
                self._leave(person)

    def _call(self) -> None:
        """Call who is next, as long as there are places."""
        while self._free and (person := self._next()) is not None:
            calls = self._waiting.pop(person)
            call = calls.popleft()
            if calls:
                self._waiting[person] = calls
            if not call.done():
                self._free -= 1
                self._served[person] += 1
                call.set_result(None)

    def _next(self) -> int | None:
        return next((one for one in self._waiting if self._served[one] < self._each), None)

    def _leave(self, person: int) -> None:
        self._free += 1
        self._served[person] -= 1
        if not self._served[person]:
            del self._served[person]
        self._call()
