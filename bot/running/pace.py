"""Turns, where one person may ask many times at once."""

import asyncio
from itertools import islice
from typing import Final

_EVERY_SECONDS: Final = 1.0
_FORGOTTEN_AT_ONCE: Final = 2


class Pace:
    """One turn a second for each key, and one waiting for the next."""

    def __init__(self) -> None:
        self._free_at: dict[int, float] = {}
        """When the next turn of each begins, about in this order."""

    async def turn(self, key: int) -> bool:
        """Wait for the key's next turn; False when somebody waits for that one already."""
        now = asyncio.get_running_loop().time()
        self._forget(now)
        free_at = self._free_at.pop(key, now)
        is_taken = free_at > now + _EVERY_SECONDS
        self._free_at[key] = free_at if is_taken else max(free_at, now) + _EVERY_SECONDS
        if is_taken:
            return False
        await asyncio.sleep(free_at - now)
        return True

    def _forget(self, now: float) -> None:
        """Forget the oldest turns that have passed: more than one call adds."""
        oldest = list(islice(self._free_at.items(), _FORGOTTEN_AT_ONCE))
        for key, free_at in oldest:
            if free_at <= now:
                del self._free_at[key]
