"""The log of decisions, and the explanation of a booking's state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.views.lists import Page
from db.models.audit import Actor, Change, LogFilter
from db.models.bookings import Booking
from db.models.outbox import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A page of the log."""

    filter: LogFilter
    page: Page[Change]
    bookings: Mapping[int, Booking]
    """The bookings of the page by id, as far as they exist."""
    actors: Sequence[Actor]
    """The admins that the filter offers, by their latest names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a booking is in its state."""

    booking: Booking
    decided: Change | None
    """The change that led to its status; None if the booking was created with it."""
    moved: Change | None
    """The change that led to its stream; None if the booking was created with it."""
    welcome: Message | None
    """The newest."""
    tellings: Mapping[int, Message]
    """The messages that tell the student of the status or the stream, by revision."""
    notices: Sequence[Message]
    """The notices to admins that the student could not be reached."""
    notified: Sequence[Actor]
    """The admins that the notices are addressed to; groups are left out."""
