"""Work that is done for many at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

from db.errors import DatabaseUnavailable

T = TypeVar("T")
_Asked: TypeAlias = tuple[T, "asyncio.Future[None]"]


class Together(Generic[T]):
    """Does what is asked for meanwhile in one go, as soon as the last go is over.

    So a crowd costs few transactions, and nobody waits who comes alone.
    """

    def __init__(self, work: Callable[[Sequence[T]], Awaitable[None]]) -> None:
        self._work = work
        self._asked: list[_Asked[T]] = []
        self._turn = asyncio.Lock()

    async def do(self, item: T) -> None:
        """Do the work for this item, and raise what it raises."""
        done = asyncio.get_running_loop().create_future()
        self._asked.append((item, done))
        try:
            async with self._turn:
                if not done.done():
                    await self._do_all()
            await done
        finally:
            done.cancel()

    async def _do_all(self) -> None:
        asked = [one for one in self._asked if not one[1].done()]
        self._asked = []
        try:
            await self._try(asked)
        except asyncio.CancelledError:
            # Who did it for all has gone, and the next one does it.
            self._asked[:0] = asked
            raise

    async def _try(self, asked: Sequence[_Asked[T]]) -> None:
        work = self._work([item for item, _ in asked])
        [error] = await asyncio.gather(work, return_exceptions=True)
        if error is None or len(asked) == 1 or isinstance(error, DatabaseUnavailable):
            _end(asked, error)
            return
        # The error is about one of them, and no other suffers from it.
        for one in asked:
            await self._try([one])


def _end(asked: Sequence[_Asked[T]], error: BaseException | None) -> None:
    for _, done in asked:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
