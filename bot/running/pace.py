"""The pace of what one chat hears."""

import asyncio
from itertools import islice
from typing import Final

_EVERY_SECONDS: Final = 1.0
_FORGOTTEN_AT_ONCE: Final = 2


class Pace:
    """A second between two turns of a key."""

    def __init__(self) -> None:
        self._free_at: dict[int, float] = {}
        """When the next turn of each may begin, in this order."""

    async def wait(self, key: int) -> None:
        """Wait until a turn of this key may begin."""
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(self._free_at.get(key, now) - now)

    def begin(self, key: int) -> None:
        """Note that a turn of this key begins."""
        now = asyncio.get_running_loop().time()
        self._forget(now)
        self._free_at.pop(key, None)
        self._free_at[key] = now + _EVERY_SECONDS

    def _forget(self, now: float) -> None:
        """Forget the oldest turns that have passed: more than one call adds."""
        oldest = list(islice(self._free_at.items(), _FORGOTTEN_AT_ONCE))
        for key, free_at in oldest:
            if free_at <= now:
                del self._free_at[key]
