"""Everything that is known of one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.models.bookings import Booking, Change
from db.models.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name or a username that a person has or had."""

    name: str
    is_username: bool
    since: datetime
    """When it was first seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discounts:
    """What a person was granted on their bookings, cancelled ones left out."""

    bookings: int
    """Bookings at all, cancelled ones too."""
    discounted: int
    percent: int
    """Of all these discounts together."""


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
