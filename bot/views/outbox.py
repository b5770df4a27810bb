"""Messages, as admins see them."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from bot.views.acting import IN_TROUBLE
from bot.views.bookings import Card
from bot.views.lists import Page
from db.models.audit import Actor
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
    writer: Actor | None = None
    """The admin who writes to the student instead."""
    student_bot: str = ""
    """The username of the bot that students know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """Which chats are told of new bookings."""

    own: bool
    """The admin's own chat with the bot."""
    group: bool | None
    """The admins' group; None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What a notice about new bookings says."""

    bookings: Sequence[Booking]
    """Oldest first; at least one."""
    others: int
    """The number of bookings that came together with these and are not named."""
    card: Card | None
    """Of the booking, if the notice is about one alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A student whom a message had not reached when a notice said so."""

    booking: Booking | None
    """None if it is deleted, or somebody else's now."""
    message: Message
    """In whatever state it is now."""
    writer: Actor | None = None
    """The admin who writes to the student instead."""
    language: str | None = None
    """Of the student's client; None if the bot has never seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice about students who are out of reach, or were."""

    id: int
    """Of the message in the outbox."""
    students: Sequence[Missed]
    """Its own first, then those of the notices that are merged into it; at least one."""

    @property
    def language(self) -> str | None:
        """Of the client of the student, if it is about one."""
        return self.students[0].language if len(self.students) == 1 else None

    @property
    def in_trouble(self) -> Sequence[Missed]:
        """Those whom the message has still not reached."""
        return [
            each
            for each in self.students
            if each.booking is not None and each.message.state in IN_TROUBLE
        ]
