"""Lists of bookings, of other rows, and the pages of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from db.models.bookings import Booking, BookingStatus
from db.models.filters import Filter, FilterField
from db.models.lists import START, Cursor
from db.models.search import Search

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One screenful of a longer list."""

    items: Sequence[T]
    cursor: Cursor
    """Where this page lies now: FROM its first row, or FIRST."""
    number: int
    """Counted from 1."""
    last: int
    """The number of the last page, as seen from this one; at least 1."""
    total: int
    """Rows of the list."""
    previous: Cursor | None
    """Where the page before this one lies; None on the first."""
    next: Cursor | None
    """Where the page behind this one lies; None on the last."""


class Tab(NamedTuple):
    """The list of the bookings of one status; None: of all."""

    status: BookingStatus | None

    @property
    def newest_first(self) -> bool:
        """Decided bookings are read from the newest; whoever waits longest comes first."""
        return self.status not in {BookingStatus.NEW, BookingStatus.PENDING}


class SavedQuery(NamedTuple):
    """The list of what somebody looked for or chose, under its number."""

    number: int


ListKey: TypeAlias = Tab | SavedQuery
"""Which list of bookings."""
EVERYTHING = Tab(None)


class Origin(NamedTuple):
    """A page of a list of bookings, which a card leads back to."""

    list: ListKey = EVERYTHING
    cursor: Cursor = START


@dataclass(frozen=True, slots=True, kw_only=True)
class TabList:
    """A page of the bookings of one status."""

    key: Tab
    page: Page[Booking]
    counts: Mapping[BookingStatus | None, int]
    """Bookings of each status; under None, all of them, unknown ones included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilteredList:
    """A page of the bookings that fit a filter."""

    key: SavedQuery
    page: Page[Booking]
    filter: Filter
    names: Mapping[FilterField, str]
    """What the school calls the chosen course and stream, where it has a name for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundList:
    """A page of the bookings that a search finds."""

    key: SavedQuery
    page: Page[Booking]
    search: Search
    nearest: bool
    """Nothing is what was looked for; these come nearest to it."""


BookingList: TypeAlias = TabList | FilteredList | FoundList
