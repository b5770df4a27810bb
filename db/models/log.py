"""Which part of the log is read."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from db.models.bookings import BookingAction


class Period(StrEnum):
    """How far back the log is read."""

    TODAY = "today"
    """The last 24 hours."""
    WEEK = "week"
    MONTH = "month"

    @property
    def length(self) -> timedelta:
        return {
            Period.TODAY: timedelta(days=1),
            Period.WEEK: timedelta(days=7),
            Period.MONTH: timedelta(days=30),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which entries of the log; None filters nothing."""

    actor: int | None = None
    action: BookingAction | None = None
    period: Period | None = None
    booking: int | None = None
    person: bool = False
    """Not of `booking` alone, but of all bookings of its person."""
