"""Counts with an upper bound."""

from typing import Final

MOST_FOUND: Final = 1000
"""The upper bound of counts that read rows."""


class AtLeast(int):
    """A count that ended before the last row: there may be more."""

    __slots__ = ()

    def __bool__(self) -> bool:
        """True also for 0, because rows that were not counted may exist."""
        return True

    def __str__(self) -> str:
        return f"{int(self)}+"


def counted(n: int) -> int:
    """Return the count, as `AtLeast` if it has reached MOST_FOUND."""
    return AtLeast(n) if n >= MOST_FOUND else n
