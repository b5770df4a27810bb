"""What has changed, and waiting until something is so without looking at the clock."""

import asyncio
import linecache
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import time_ns
from typing import Any, Final

_REMEMBERED: Final = 1000


@dataclass(frozen=True)
class Change:
    """Something that someone could see happen."""

    number: int
    """Counted without gaps; a program that begins later counts from a higher one."""
    kind: str
    details: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.kind} {dict(self.details)}"


class Changes:
    """The latest changes, and everything that waits for the next one."""

    def __init__(self) -> None:
        self.recent: deque[Change] = deque(maxlen=_REMEMBERED)
        self.latest = time_ns() // 1000
        """The number of the latest change, or of the one before the first."""
        self._next = asyncio.Event()

    def notify(self, kind: str, /, **details: object) -> None:
        self.latest += 1
        self.recent.append(Change(self.latest, kind, details))
        happened, self._next = self._next, asyncio.Event()
        happened.set()

    def since(self, number: int) -> list[Change] | None:
        """Return the changes after this one; None where they are not, or no longer, known."""
        known = len(self.recent)
        missed = self.latest - number
        return list(self.recent)[known - missed :] if 0 <= missed <= known else None

    async def changed(self) -> None:
        """Return at the next change."""
        await self._next.wait()

    async def until(self, holds: Callable[[], object], timeout: float = 20) -> None:  # noqa: ASYNC109
        """Return when `holds()` is true; it is asked now and after each change.

        Nothing can change between the question and the wait: both are one step of the loop.

        Raises:
            TimeoutError: it was false for `timeout` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                while not holds():
                    await self._next.wait()
        except TimeoutError:
            latest = "; ".join(map(str, list(self.recent)[-5:])) or "nothing"
            raise TimeoutError(
                f"waited {timeout} s for: {_source(holds)}\nlatest changes: {latest}"
            ) from None


def _source(predicate: Callable[[], object]) -> str:
    """Return the line a predicate is written on: the best name an anonymous function has."""
    code = getattr(predicate, "__code__", None)
    if code is None:
        return repr(predicate)
    line = linecache.getline(code.co_filename, code.co_firstlineno).strip()
    return line or repr(predicate)
