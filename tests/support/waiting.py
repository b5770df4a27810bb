"""Waiting for changes that set no event in this process."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

_T = TypeVar("_T")
_INTERVAL: Final = 0.005
"""Seconds between two checks, which leave the processor to the other program."""


async def until(check: Callable[[], Awaitable[_T]], *, seconds: float = 20) -> _T:
    """Call `check` repeatedly until its result is true; return the result.

    Raises:
        TimeoutError: the result stays false.
    """
    async with asyncio.timeout(seconds):
        while True:
            if answer := await check():
                return answer
            await asyncio.sleep(_INTERVAL)
