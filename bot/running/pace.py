"""The pace of what one chat hears."""

import asyncio
from itertools import islice
from typing import Final

_EVERY_SECONDS: Final = 1.0
_FORGOTTEN_AT_ONCE: Final = 2


class Pace:
    """One turn a second for each key."""

    def __init__(self) -> None:
        self._free_at: dict[int, float] = {}
        """When the next turn of each begins, about in this order."""

    async def turn(self, key: int) -> None:
        """Wait for the key's next turn."""
        now = asyncio.get_running_loop().time()
        self._forget(now)
        begins = max(now, self._free_at.pop(key, now))
        self._free_at[key] = begins + _EVERY_SECONDS
        await asyncio.sleep(begins - now)

    def _forget(self, now: float) -> None:
        """Forget the oldest turns that have passed: more than one call adds."""
        oldest = list(islice(self._free_at.items(), _FORGOTTEN_AT_ONCE))
        for key, free_at in oldest:
            if free_at <= now:
                del self._free_at[key]
