"""The page of one person."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.models.audit import Change
from db.models.bookings import Booking
from db.models.outbox import Message
from db.models.people import Discounts, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentPage:
    """What the desk knows of a person, as far as one screen holds it; newest first."""

    booking: Booking
    """The booking that the page was opened from."""
    names: Sequence[Name]
    older_names: bool
    """Whether there are more names."""
    bookings: Sequence[Booking]
    messages: Sequence[Message]
    older_messages: bool
    """Whether there are more messages."""
    changes: Sequence[Change]
    decisions: int
    """The number of all changes."""
    discounts: Discounts
