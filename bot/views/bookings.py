"""What an admin sees of one booking."""

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
    """The newest change, if there was any since the desk arrived."""
    messages: Sequence[Message]
    """What the student was or will be sent, the newest first."""
    actions: Set[BookingAction]
    """What may be done with it now."""
    undo_until: datetime | None
    """While UNDO is among the actions."""
    duplicates: Sequence[int] = ()
    """Other bookings of the person for the course that are not cancelled, the newest first."""
