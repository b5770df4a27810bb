"""What admins look for, and what is found."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for: words, or one person by id."""

    text: str = ""
    person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Whose and which bookings a search is about."""

    bookings: Sequence[int] = ()
    people: Sequence[int] = ()
    code: str | None = None
    """A referral code, in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What targets lead to."""

    targets: Targets
    total: int
    """Of bookings."""
    first: Sequence[int]
    """The bookings of the first page, the newest number first."""
