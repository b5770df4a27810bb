"""Messages, as admins see them."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from bot.views.lists import Page
from db.models.bookings import Booking
from db.models.outbox import Attempt, GroupKey, Message, MessageState


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message, and the booking it is about; None if that is deleted."""

    message: Message
    booking: Booking | None
    reader: str | None = None
    """The name of the admin who reads a notice, if the log knows one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageList:
    """A page of the messages that share a state and a reason."""

    group: GroupKey
    page: Page[MessageRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCard:
    """Everything an admin sees about one message."""

    message: Message
    booking: Booking | None
    attempts: Sequence[Attempt]
    """The latest attempts, newest first."""
    moves: Set[MessageState]
    """The states to which an admin may move it."""
    reader: str | None = None
    """The name of the admin who reads a notice, if the log knows one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledNotice:
    """A notice about a student's message that needs nobody's care any more."""

    booking: Booking
    message: Message
    """Sent after all, or withdrawn."""
