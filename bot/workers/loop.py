"""The loop every worker is."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NoReturn

import structlog

from db.errors import DatabaseUnavailable

logger = structlog.get_logger(__name__)


async def repeat(
    work: Callable[[], Awaitable[int]], *, wake: asyncio.Event, idle_seconds: float
) -> NoReturn:
    """Call `work` until cancelled: again at once while it finds something to do.

    `work` returns how much it found. When that is nothing, and after an error, the next call
    comes when `wake` is set, or after `idle_seconds` should nobody set it.
    """
    name = work.__qualname__
    while True:
        wake.clear()
        found = 0
        try:
            found = await work()
        except DatabaseUnavailable as error:
            logger.warning("waiting for the database", work=name, reason=str(error))
        except Exception:
            logger.exception("the work failed and will be tried again", work=name)
        if not found:
            with suppress(TimeoutError):
                async with asyncio.timeout(idle_seconds):
                    await wake.wait()
