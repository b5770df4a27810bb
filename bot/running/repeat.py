"""Work that repeats until it is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Final, NoReturn, TypeAlias

import structlog

from db.errors import DatabaseUnavailable

Work: TypeAlias = Callable[[], Coroutine[None, None, NoReturn]]
"""A coroutine function that runs until it is cancelled."""
AGAIN: Final = 0.0
"""The pause of work that may have more to do at once."""
_AFTER_ERROR: Final = 1.0

logger = structlog.get_logger(__name__)


def is_stopped() -> bool:
    """Whether the running task has been cancelled, even if other code has caught the error."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def repeat(
    work: Callable[[], Awaitable[float]],
    *,
    wake: asyncio.Event | None = None,
    after: float = 0,
) -> NoReturn:
    """Call `work` until cancelled, first `after` seconds; it returns those until the next call.

    `wake` ends that pause. An error is logged, and the next call comes after a second.
    """
    name = work.__qualname__
    wake = wake or asyncio.Event()
    await asyncio.sleep(after)
    while True:
        wake.clear()
        try:
            pause = await work()
        except DatabaseUnavailable as error:
            logger.warning("waiting for the database", work=name, reason=error)
            pause = _AFTER_ERROR
        except Exception:
            logger.exception("the work failed and will be tried again", work=name)
            pause = _AFTER_ERROR
        if is_stopped():
            # An error in the cleanup of the work may have replaced the CancelledError.
            raise asyncio.CancelledError
        if pause > AGAIN:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await wake.wait()
