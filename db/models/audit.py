"""Changes of bookings, who made them, and filters of the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Self

from db.models.bookings import BookingAction, BookingStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who changed a booking."""

    id: int
    name: str
    """The name at the time of the change."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What an admin adds to a decision: a reason of the school's list, or own words."""

    texts: Mapping[str, str]
    """At least one, by language; own words are under ""."""

    @classmethod
    def of_words(cls, words: str) -> Self:
        return cls({"": words})

    def text(self, language: str) -> str:
        """Return it in this language, or else as it was written."""
        return self.texts.get(language) or next(iter(self.texts.values()))


class Placement(NamedTuple):
    """The course and stream of a booking, then or now, with the names of both as they are now."""

    course_id: int | None
    course_name: str | None
    course_stream: str | None
    stream_name: str | None


class Change(NamedTuple):
    """One entry of the audit: the change that made one revision of a booking."""

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
    """The time since the change, by the database's clock."""
    status_before: BookingStatus
    status_after: BookingStatus
    before: Placement
    after: Placement
    user_before: int | None
    user_id: int | None
    """Whose booking it was after the change; before it, as far as another program made it."""
    user_stream_before: str | None
    """`users.course_stream` before the change."""
    remark: Remark | None = None

    @property
    def decided(self) -> bool:
        """Whether the status changed."""
        return self.status_before is not self.status_after

    @property
    def readdressed(self) -> bool:
        """Whether another program corrected whose booking it is."""
        return self.action is BookingAction.EXTERNAL and self.user_before != self.user_id

    @property
    def moved(self) -> bool:
        """Whether the stream or the course changed."""
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
    """A filter of the log; None filters nothing."""

    actor: int | None = None
    action: BookingAction | None = None
    period: Period | None = None
    booking: int | None = None
    person: bool = False
    """Include all bookings of the person whose booking is `booking`."""
