"""The card of a booking."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from db.models.audit import Change
from db.models.bookings import Booking, BookingAction
from db.models.outbox import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything an admin sees about one booking."""

    booking: Booking
    decision: Change | None
    """The newest change; None if the booking has not changed since the desk was installed."""
    messages: Sequence[Message]
    """The welcomes of the booking, newest first."""
    actions: Set[BookingAction]
    """The actions that are allowed now."""
    undo_until: datetime | None
    """The end of the grace; None if UNDO is not among the actions."""
    duplicates: Sequence[int] = ()
    """Ids of the person's other uncancelled bookings of the course, newest first."""
