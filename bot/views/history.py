"""What has happened, and why a booking is as it is."""

from collections.abc import Sequence
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
