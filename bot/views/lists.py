"""Pages of any list, and the lists of bookings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from bot.views.bookings import Card
from db.models.adding.imports import Underway
from db.models.audit import LogFilter
from db.models.bookings import Booking, BookingStatus, lists_newest_first
from db.models.bulks import BulkPart
from db.models.filters import Filter, FilterField
from db.models.lists import START, Cursor
from db.models.search import Search

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of a list at a cursor, and their place in it."""

    items: Sequence[T]
    cursor: Cursor
    """The cursor of this page: FROM its first row, or FIRST."""
    number: int
    """Counted from 1."""
    last: int
    """The number of the last page, counted on from this one; at least 1."""
    total: int
    """The number of rows in the list."""
    previous: Cursor | None
    """The cursor of the page before this one; None on the first."""
    next: Cursor | None
    """The cursor of the page behind this one; None on the last."""


class Tab(NamedTuple):
    """The list of the bookings of one status; None means of all."""

    status: BookingStatus | None

    @property
    def newest_first(self) -> bool:
        """See `lists_newest_first`."""
        return lists_newest_first(self.status)


class SavedQuery(NamedTuple):
    """The list of a saved search or filter, named by its number."""

    number: int


ListKey: TypeAlias = Tab | SavedQuery
"""The name of a list of bookings."""
EVERYTHING = Tab(None)


class Origin(NamedTuple):
    """The page of a list to which a card leads back."""

    list: ListKey = EVERYTHING
    cursor: Cursor = START


@dataclass(frozen=True, slots=True)
class LogOrigin:
    """The page of the log to which a card leads back; the log is not limited to a booking."""

    filter: LogFilter
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class MessageOrigin:
    """The message of the outbox to which a card leads back."""

    message: int


@dataclass(frozen=True, slots=True)
class BookingLogOrigin:
    """The log of the booking on the card to which it leads back."""


@dataclass(frozen=True, slots=True)
class ReviewOrigin:
    """The review to which a card leads back."""

    list: ListKey
    began_at: datetime
    """In whole seconds."""


@dataclass(frozen=True, slots=True)
class BulkOrigin:
    """The page of a bulk's bookings to which a card leads back."""

    bulk: int
    part: BulkPart
    offset: int = 0
    """Of the page's first booking."""


Outside: TypeAlias = (
    Origin | LogOrigin | MessageOrigin | BookingLogOrigin | ReviewOrigin | BulkOrigin
)


@dataclass(frozen=True, slots=True)
class PersonOrigin:
    """The page of the card's student, which was itself opened from a card with this place."""

    outside: Outside
    booking: int | None = None
    """That card's; None if it is too long for a button."""


Place: TypeAlias = Outside | PersonOrigin
"""Where a card was opened."""


def outside_of(place: Place) -> Outside:
    """Return the place from which one came to a student's page, or to a card."""
    return place.outside if isinstance(place, PersonOrigin) else place


@dataclass(frozen=True, slots=True, kw_only=True)
class TabList:
    """A page of the bookings of one status."""

    key: Tab
    page: Page[Booking]
    counts: Mapping[BookingStatus | None, int]
    """The number of bookings of each status; None has that of all, unknown statuses included."""

    underway: Underway | None = None
    """An import of which only a part is in the list."""

    @property
    def is_of_empty_desk(self) -> bool:
        """Whether there is no booking at all."""
        return not self.counts.get(None) and not self.page.items


@dataclass(frozen=True, slots=True, kw_only=True)
class FilteredList:
    """A page of the bookings that fit a filter."""

    key: SavedQuery
    page: Page[Booking]
    filter: Filter
    names: Mapping[FilterField, str]
    """The school's names of the chosen course and stream, as far as it has them."""
    underway: Underway | None = None
    """An import of which only a part is in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A list that words may mean."""

    key: SavedQuery
    filter: Filter
    names: Mapping[FilterField, str]
    """The school's names of the filter's course and stream, as far as it has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundList:
    """A page of the bookings that a search finds."""

    key: SavedQuery
    page: Page[Booking]
    search: Search
    nearest: bool
    """Whether nothing fits the search, and these bookings come nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCard:
    """The card of the only booking that a search finds."""

    key: SavedQuery
    card: Card


BookingList: TypeAlias = TabList | FilteredList | FoundList


def status_in(bookings: BookingList) -> BookingStatus | None:
    """Return the status that all bookings of the list have; None if they may have several."""
    match bookings:
        case TabList():
            return bookings.key.status
        case FilteredList():
            return bookings.filter.status
        case FoundList():
            return None
