"""Which bookings a filtered list shows, and what it could be narrowed to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from db.models.bookings import BookingStatus


class Edge(StrEnum):
    """Where a page lies, seen from its anchor."""

    FIRST = "f"
    LAST = "l"
    AFTER = "a"
    BEFORE = "b"
    FROM = "i"
    """The anchor itself is the page's first row."""


class WelcomeState(StrEnum):
    """What has become of a booking's welcome, as far as a filter asks."""

    UNDELIVERED = "undelivered"
    WAITING = "waiting"
    """Until the student can be reached; undelivered, too."""
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is chosen; None filters nothing."""

    zone: str = "UTC"
    """The IANA name of the time zone in which its days are meant."""
    status: BookingStatus | None = None
    course: int | None = None
    stream: str | None = None
    """The stream's code."""
    days: int | None = None
    """So many days up to today, and so on every day it is looked at."""
    since: date | None = None
    until: date | None = None
    """The last day."""
    code: str | None = None
    """A referral code, in any case."""
    welcome: WelcomeState | None = None

    @property
    def newest_first(self) -> bool:
        return self.status not in {BookingStatus.NEW, BookingStatus.PENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """A filter at one moment: its days as moments."""

    chosen: Filter
    since: datetime | None
    until: datetime | None
    """The first moment that is too late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The row a page is reckoned from, and to which side of it the page lies."""

    edge: Edge
    at: datetime
    id: int


class FilterField(StrEnum):
    """What a press in the panel changes."""

    STATUS = "s"
    COURSE = "c"
    STREAM = "t"
    DAYS = "d"
    WELCOME = "w"
    SINCE = "f"
    """The first day, by its number in the calendar."""
    UNTIL = "u"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of the panel."""

    field: FilterField
    value: int
    """As a button writes it: a status's code, an id, days, the place of a welcome's state."""
    label: str | None
    """A name of the school's; None where the words are the desk's own."""
    chosen: bool
    count: int
    """Bookings it would leave; MOST_FOUND stands for that many or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A filter being put together."""

    view: int
    filter: Filter
    count: int
    options: Mapping[FilterField, Sequence[Option]]
