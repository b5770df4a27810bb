"""Filters of the lists of bookings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from db.models.bookings import BookingStatus, lists_newest_first


class WelcomeState(StrEnum):
    """The state of a booking's welcome, as filters tell it apart."""

    UNDELIVERED = "undelivered"
    WAITING = "waiting"
    """The student cannot be reached yet; this is a part of UNDELIVERED."""
    DELIVERED = "delivered"


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

    def without(self, field: FilterField) -> Self:
        """Return the filter without its choice of the field; DAYS and MONTH mean the period."""
        if field in {FilterField.DAYS, FilterField.MONTH}:
            return replace(self, days=None, since=None, until=None)
        nothing: Mapping[str, Any] = {field.name.lower(): None}
        return replace(self, **nothing)

    @property
    def newest_first(self) -> bool:
        """See `lists_newest_first`."""
        return lists_newest_first(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """A filter at one moment."""

    filter: Filter
    since: datetime | None = None
    """The first moment."""
    until: datetime | None = None
    """The first moment that is too late."""
