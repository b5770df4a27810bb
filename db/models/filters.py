"""Which bookings a filtered list shows."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from db.models.bookings import BookingStatus


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


class FilterField(StrEnum):
    """What can be chosen of a filter."""

    STATUS = "status"
    COURSE = "course"
    STREAM = "stream"
    DAYS = "days"
    MONTH = "month"
    """As a period from its first day to its last."""
    SINCE = "since"
    UNTIL = "until"
    DISCOUNT = "discount"
    CODE = "code"
    WELCOME = "welcome"
