"""Which bookings a filtered list shows, and what it could be narrowed to."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from db.models.bookings import Booking, BookingStatus


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
    discount: bool | None = None
    """Only with a discount, or only without one."""
    code: str | None = None
    """A referral code, in any case."""
    welcome: WelcomeState | None = None

    @property
    def newest_first(self) -> bool:
        return self.status not in {BookingStatus.NEW, BookingStatus.PENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """A filter at one moment."""

    chosen: Filter
    since: datetime | None = None
    """Its days as moments."""
    until: datetime | None = None
    """The first moment that is too late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The row a page is reckoned from, and to which side of it the page lies."""

    edge: Edge
    at: datetime
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Bookings that fit, among as many as one page may look at."""

    items: Sequence[Booking]
    end: int | None
    """The last booking that was looked at, when looking ended before the list and the page."""


class FilterField(StrEnum):
    """What a press in the panel changes."""

    STATUS = "s"
    COURSE = "c"
    STREAM = "t"
    DAYS = "d"
    MONTH = "m"
    """As a period from its first day to its last."""
    SINCE = "f"
    UNTIL = "u"
    DISCOUNT = "p"
    CODE = "r"
    WELCOME = "w"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of the panel."""

    field: FilterField
    value: int
    """As a button writes it; see `bot.services.choices`."""
    label: str | None
    """A name of the school's; None where the words are the desk's own."""
    chosen: bool
    count: int
    """Bookings it would leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A filter being put together."""

    view: int
    filter: Filter
    names: Mapping[FilterField, str]
    """What the school calls the chosen course and stream, where it has a name for them."""
    count: int
    options: Mapping[FilterField, Sequence[Option]]
    more: Set[FilterField]
    """There are more options than these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A part of all the options of one field."""

    view: int
    field: FilterField
    options: Sequence[Option]
    previous: int | None
    """Where the part before this one begins."""
    next: int | None
