"""Filters of the lists of bookings."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from db.models.bookings import BookingStatus


class WelcomeState(StrEnum):
    """The state of a booking's welcome, as filters tell it apart."""

    UNDELIVERED = "undelivered"
    WAITING = "waiting"
    """The student cannot be reached yet; this is a part of UNDELIVERED."""
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The conditions of a filtered list; None filters nothing."""

    zone: str = "UTC"
    """The IANA name of the time zone of its days."""
    status: BookingStatus | None = None
    course: int | None = None
    stream: str | None = None
    """The stream's code."""
    days: int | None = None
    """The number of days up to today, on whichever day the list is read."""
    since: date | None = None
    until: date | None = None
    """The last day."""
    discount: bool | None = None
    """True: only with a discount; False: only without one."""
    code: str | None = None
    """A referral code; case does not matter."""
    welcome: WelcomeState | None = None

    @property
    def newest_first(self) -> bool:
        return self.status not in {BookingStatus.NEW, BookingStatus.PENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """A filter at one moment."""

    filter: Filter
    since: datetime | None = None
    """The first moment."""
    until: datetime | None = None
    """The first moment that is too late."""


class FilterField(StrEnum):
    """A field of a filter, as people choose it."""

    STATUS = "status"
    COURSE = "course"
    STREAM = "stream"
    DAYS = "days"
    MONTH = "month"
    """It sets SINCE and UNTIL to the first and last day of the month."""
    SINCE = "since"
    UNTIL = "until"
    DISCOUNT = "discount"
    CODE = "code"
    WELCOME = "welcome"
