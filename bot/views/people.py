"""Everything that is known of one person."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.models.audit import Change
from db.models.bookings import Booking
from db.models.outbox import Message
from db.models.people import Discounts, Name


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentPage:
    """A person's story, as far as one screen holds it; everything has the newest first."""

    booking: Booking
    """The one the page was opened from."""
    names: Sequence[Name]
    older_names: bool
    """There are more than these."""
    bookings: Sequence[Booking]
    messages: Sequence[Message]
    older_messages: bool
    """There are more than these."""
    changes: Sequence[Change]
    decisions: int
    """How many changes there are."""
    discounts: Discounts
