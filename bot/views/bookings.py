"""The card of a booking."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.models.audit import Actor, Change
from db.models.bookings import Booking, BookingAction
from db.models.outbox import Message, MessageState
from db.models.streams import Stream

_LATER: Final = timedelta(seconds=0.3)
"""The grace is certainly over, and a welcome that left at its end has often arrived."""
_UNDER_WAY: Final = frozenset({MessageState.QUEUED, MessageState.SENDING})
_UNDER_WAY_FOR: Final = timedelta(seconds=2)


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
    writer: Actor | None = None
    """The admin who writes to the student, whom the newest welcome has not reached."""
    reminder: Message | None = None
    """The newest reminder of a booking that is new."""
    may_remind: bool = False
    """Whether the booking is new, and the last reminder long enough ago."""
    duplicates: Sequence[int] = ()
    """Ids of the person's other uncancelled bookings of the course, newest first."""

    def true_until(self, now: datetime) -> datetime | None:
        """Return when the card stops being true by itself; None if only a change does that."""
        if self.undo_until is not None:
            return self.undo_until + _LATER
        if self.reminder is not None and self.reminder.is_due_after(now):
            return self.reminder.due_at + _LATER
        messages = [*self.messages, *filter(None, [self.reminder])]
        if any(message.state in _UNDER_WAY for message in messages):
            return now + _UNDER_WAY_FOR
        return None


@dataclass(frozen=True, slots=True)
class Gone:
    """What is left of the card of a booking that has been deleted."""

    booking_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinations:
    """Where a booking can be moved to."""

    card: Card
    streams: Sequence[Stream]
    """The newest first."""
    heads: Mapping[str, int]
    """The number of confirmed bookings of the streams of this page, by their codes."""
