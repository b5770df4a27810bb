"""Where a page lies in a list, and what is read there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Edge(StrEnum):
    """Where a page lies, seen from the row of its cursor."""

    FIRST = "first"
    LAST = "last"
    AFTER = "after"
    BEFORE = "before"
    FROM = "from"
    """The row itself is the page's first."""

    @property
    def backwards(self) -> bool:
        """Whether the page is read from its end."""
        return self is Edge.BEFORE or self is Edge.LAST


class Cursor(NamedTuple):
    """A page of a list, named so that rows that come and go cannot move it."""

    edge: Edge = Edge.FIRST
    id: int | None = None
    """Of the row that the page is reckoned from; None exactly for the first and the last page."""
    at: datetime | None = None
    """The moment of that row, in a list ordered by moments; None where it is not known."""


START: Final = Cursor()
"""The first page."""


@dataclass(frozen=True, slots=True)
class Scan(Generic[T]):
    """The rows that fit, among as many as one page may look at, in the order of the list."""

    items: Sequence[T]
    end: int | None = None
    """The last row that was looked at, when looking ended before the list and the page."""
