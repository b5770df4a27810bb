"""What happened to bookings, who did it, and which part of that is read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from db.models.bookings import BookingAction, BookingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who changed a booking."""

    id: int
    name: str
    """As it was then."""


class Placement(NamedTuple):
    """Where a booking is or was: a course, a stream of it, and what the school calls them now."""

    course_id: int | None
    course_name: str | None
    course_stream: str | None
    stream_name: str | None


class Change(NamedTuple):
    """One entry of the audit: what one revision of a booking changed."""

    id: int
    """Rises with time."""
    booking_id: int
    revision: int
    """The booking's revision after the change."""
    action: BookingAction
    actor: Actor | None
    """None when another program made the change."""
    at: datetime
    age: timedelta
    """Since then, by the database's clock."""
    status_before: BookingStatus
    status_after: BookingStatus
    before: Placement
    after: Placement
    user_before: int | None
    user_id: int | None
    """Whose booking it was after the change; before it, as far as another program made it."""
    user_stream_before: str | None
    """What `users.course_stream` was."""

    @property
    def decided(self) -> bool:
        """Whether it gave the booking another status."""
        return self.status_before is not self.status_after

    @property
    def readdressed(self) -> bool:
        """Whether another program corrected whose booking it is."""
        return self.action is BookingAction.EXTERNAL and self.user_before != self.user_id

    @property
    def moved(self) -> bool:
        """Whether it put the booking into another stream, or another course."""
        return self.before != self.after


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
