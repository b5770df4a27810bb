"""Counting that ends somewhere."""

from typing import Final

MOST_FOUND: Final = 1000
"""What can be many is counted up to here."""


class AtLeast(int):
    """A number at which counting ended: there may be more."""

    __slots__ = ()

    def __bool__(self) -> bool:
        """There may be some, also where counting ended before it met one."""
        return True

    def __str__(self) -> str:
        return f"{int(self)}+"


def counted(n: int) -> int:
    """Return what was counted up to MOST_FOUND, marked when that is not the end."""
    return AtLeast(n) if n >= MOST_FOUND else n
