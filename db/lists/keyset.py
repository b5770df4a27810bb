"""SQL of pages by keyset: a page begins beside a row, so the rows before it cost nothing."""

from collections.abc import Sequence
from typing import TypeVar

from db.models.lists import Edge

T = TypeVar("T")


def direction(edge: Edge, *, newest_first: bool) -> str:
    """Return the order in which the page is read; `in_order` turns it into the list's order."""
    return "DESC" if newest_first != edge.backwards else "ASC"


def comparison(edge: Edge, *, newest_first: bool) -> str | None:
    """Return how keys of the page compare with the cursor's; None if the edge has no row."""
    if edge in {Edge.FIRST, Edge.LAST}:
        return None
    smaller = "<" if newest_first != edge.backwards else ">"
    return f"{smaller}=" if edge is Edge.FROM else smaller


def in_order(rows: Sequence[T], edge: Edge) -> Sequence[T]:
    """Return the rows of a page, given as they were read, in the order of the list."""
    return rows[::-1] if edge.backwards else rows
