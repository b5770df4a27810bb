"""Waiting for what sets no event of ours."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

_T = TypeVar("_T")
_GLANCE: Final = 0.005
"""Seconds between two looks: whoever is waited for needs the processor."""


async def until(asking: Callable[[], Awaitable[_T]], *, seconds: float = 5) -> _T:
    """Ask again and again until the answer is true; return it.

    Raises:
        TimeoutError: it never is.
    """
    async with asyncio.timeout(seconds):
        while True:
            if answer := await asking():
                return answer
            await asyncio.sleep(_GLANCE)
