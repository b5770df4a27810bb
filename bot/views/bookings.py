"""The card of a booking."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.views.acting import needs_care
from db.models.audit import Actor, Change
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.decisions.questions import Question
from db.models.decisions.reasons import Reason
from db.models.outbox import Message, MessageState
from db.models.streams import Stream

STREAMS_PER_PAGE: Final = 8
LATER: Final = timedelta(seconds=0.3)
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
    """The admin who writes to the student, whom `lost` has not reached."""
    telling: Message | None = None
    """The message that tells the student of the newest change: a cancellation or a move."""
    reminder: Message | None = None
    """The newest reminder of a booking that is new."""
    may_remind: bool = False
    """Whether the booking is new, and the last reminder long enough ago."""
    duplicates: Sequence[int] = ()
    """Ids of the person's other uncancelled bookings of the course, newest first."""

    @property
    def lost(self) -> Message | None:
        """The message about the booking as it is now, if somebody has to care for it."""
        if self.telling is not None and needs_care(self.telling):
            return self.telling
        if self.messages and self.booking.status is BookingStatus.CONFIRMED:
            return self.messages[0] if needs_care(self.messages[0]) else None
        return None

    def true_until(self, now: datetime) -> datetime | None:
        """Return when the card stops being true by itself; None if only a change does that."""
        if self.undo_until is not None:
            return self.undo_until + LATER
        others = [message for message in (self.telling, self.reminder) if message is not None]
        for message in others:
            if message.is_due_after(now):
                return message.due_at + LATER
        messages = [*self.messages, *others]
        if any(message.state in _UNDER_WAY for message in messages):
            return now + _UNDER_WAY_FOR
        return None


@dataclass(frozen=True, slots=True)
class Gone:
    """What is left of the card of a booking that has been deleted."""

    booking_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question before a booking is cancelled or moved."""

    question: Question
    card: Card
    tell: bool
    """Whether the student is told."""
    language: str | None
    """Of the student's client; None if the bot has never seen them."""
    reasons: Sequence[Reason] = ()
    """Reasons of the list, of which one can be chosen."""
    streams: Sequence[Stream] = ()
    """Where the booking can be moved to, the newest first."""
    offset: int = 0
    """The number of the first stream of this page."""
    heads: Mapping[str, int] = field(default_factory=dict)
    """The number of confirmed bookings of the streams of this page, by their codes."""
