"""SQL of pages by keyset: a page begins beside a row, however many rows lie before it."""

from collections.abc import Sequence
from typing import TypeVar

from db.models.lists import Edge

T = TypeVar("T")


def direction(edge: Edge, *, newest_first: bool) -> str:
    """Return the order in which the page is read; `in_order` then turns it round if need be."""
    return "DESC" if newest_first != edge.backwards else "ASC"


def comparison(edge: Edge, *, newest_first: bool) -> str | None:
    """Return how the keys of the page compare with its cursor's; None where it has none."""
    if edge in {Edge.FIRST, Edge.LAST}:
        return None
    smaller = "<" if newest_first != edge.backwards else ">"
    return f"{smaller}=" if edge is Edge.FROM else smaller


def in_order(rows: Sequence[T], edge: Edge) -> Sequence[T]:
    """Return the rows of a page, as they were read, in the order of the list."""
    return rows[::-1] if edge.backwards else rows
