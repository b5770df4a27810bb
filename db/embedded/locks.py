"""Locks that end with the processes that hold them."""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import IOBase
from pathlib import Path

_EVERY_SECONDS = 0.02


class Locked(Exception):
    """Another process holds the lock."""


@asynccontextmanager
async def locked(path: Path, *, patience: float) -> AsyncIterator[int]:
    """Hold the lock of a file; yield its descriptor, by which children hold it, too.

    Args:
        path: The file is created if it is missing.
        patience: Seconds to wait for the lock.

    Raises:
        Locked: it is held for longer.
    """
    with path.open("ab") as file:
        try:
            async with asyncio.timeout(patience):
                while not _try_lock(file):  # noqa: ASYNC110 (no other process sets our events)
                    await asyncio.sleep(_EVERY_SECONDS)
        except TimeoutError:
            raise Locked(path) from None
        yield file.fileno()


def _try_lock(file: IOBase) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
