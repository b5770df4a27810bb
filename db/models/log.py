"""What has happened, and why a booking is as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from db.models.bookings import Actor, Booking, BookingAction, Change
from db.models.filters import Edge
from db.models.messages import Message


class Period(StrEnum):
    """How far back the log is read."""

    TODAY = "t"
    """The last 24 hours."""
    WEEK = "w"
    MONTH = "m"

    @property
    def length(self) -> timedelta:
        return {
            Period.TODAY: timedelta(days=1),
            Period.WEEK: timedelta(days=7),
            Period.MONTH: timedelta(days=30),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPlace:
    """A page of the log, the newest entry first; None filters nothing.

    `id` is that of the entry the page is reckoned from; None exactly for the first and the
    last page.
    """

    actor: int | None = None
    action: BookingAction | None = None
    period: Period | None = None
    booking: int | None = None
    person: bool = False
    """Not of `booking` alone, but of all bookings of its person."""
    edge: Edge = Edge.FIRST
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A page of the log."""

    place: LogPlace
    items: Sequence[Change]
    number: int
    """Of this page, counted from 1."""
    last: int
    """The number of the last page, as seen from this one."""
    total: int
    actors: Sequence[Actor]
    """The admins who can be chosen from, by the names they last had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a booking is as it is."""

    booking: Booking
    decided: Change | None
    """What has led to its status; None when that came with the booking."""
    moved: Change | None
    """What has led to its stream; None when that came with the booking."""
    welcome: Message | None
    """The newest."""
    notices: Sequence[Message]
    """What admins were told because the student could not be reached."""
    told: Sequence[Actor]
    """Whom they were addressed to; a group has no name here."""
