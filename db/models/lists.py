"""Cursors: the place of a page in a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Edge(StrEnum):
    """The place of a page relative to the row of its cursor."""

    FIRST = "first"
    LAST = "last"
    AFTER = "after"
    BEFORE = "before"
    FROM = "from"
    """The row itself is the first of the page."""

    @property
    def backwards(self) -> bool:
        """Whether the page is read from its end."""
        return self is Edge.BEFORE or self is Edge.LAST


class Cursor(NamedTuple):
    """The place of a page, which rows that are added or deleted do not move."""

    edge: Edge = Edge.FIRST
    id: int | None = None
    """The number of the row beside the page; None exactly for the first and the last page."""
    at: datetime | None = None
    """The moment of that row in a list ordered by moments; None if it is not known."""


START: Final = Cursor()
"""The first page."""


@dataclass(frozen=True, slots=True)
class Scan(Generic[T]):
    """The rows that fit, among the rows that one page reads, in the order of the list."""

    items: Sequence[T]
    end: int | None = None
    """The last row read, if reading ended before the page was full and the list was over."""
