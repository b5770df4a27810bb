"""Searches and their results."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The query of a search: a text, or one person by id."""

    text: str = ""
    person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What a text may mean: bookings, people, and referral codes."""

    bookings: Sequence[int] = ()
    people: Sequence[int] = ()
    codes: Sequence[str] = ()
    """Referral codes; case does not matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The bookings of targets."""

    targets: Targets
    total: int
    """The number of bookings."""
    first: Sequence[int]
    """The bookings of the first page, the newest number first."""
