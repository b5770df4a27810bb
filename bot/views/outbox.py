"""Messages, as admins see them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.views.lists import Page
from db.models.audit import Actor
from db.models.bookings import Booking
from db.models.outbox import WELCOME, Attempt, GroupKey, Message, MessageState, Reason

MOVES: Final[Mapping[MessageState, Set[MessageState]]] = {
    MessageState.QUEUED: {MessageState.WITHDRAWN},
    MessageState.UNKNOWN: {MessageState.QUEUED, MessageState.WITHDRAWN, MessageState.SENT},
    MessageState.WAITING: {MessageState.QUEUED, MessageState.WITHDRAWN},
    MessageState.FAILED: {MessageState.QUEUED, MessageState.WITHDRAWN},
}
"""The states to which an admin may move a message, by its present state."""
_BY_HAND: Final = {Reason.WITHDRAWN_BY_HAND, Reason.TOLD_BY_HAND}
"""What an admin withdrew, an admin can send after all."""
IN_TROUBLE: Final = frozenset({MessageState.WAITING, MessageState.FAILED, MessageState.UNKNOWN})
"""The states of a message that somebody has to care for."""


class MessageAction(StrEnum):
    """The actions of an admin on a message."""

    ASK_RESEND = "a"
    RESEND = "r"
    WITHDRAW = "w"
    TOLD = "t"
    ARRIVED = "d"
    RESTORE = "u"
    TAKE = "i"
    """Say that one writes to the student oneself."""
    LEAVE = "l"
    """Take that back."""


def moves_of(message: Message) -> Set[MessageState]:
    """Return the states to which an admin may move the message."""
    if message.state is MessageState.WITHDRAWN and message.reason in _BY_HAND:
        return {MessageState.QUEUED}
    return MOVES.get(message.state, frozenset())


def can_be_taken(message: Message) -> bool:
    """Whether an admin may have to write to the student instead."""
    return message.kind == WELCOME and message.state in IN_TROUBLE


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
class Unwelcomed:
    """A student whom a welcome had not reached when a notice said so."""

    booking: Booking | None
    """None if it is deleted, or somebody else's now."""
    welcome: Message
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
    students: Sequence[Unwelcomed]
    """Its own first, then those of the notices that are merged into it; at least one."""

    @property
    def language(self) -> str | None:
        """Of the client of the student, if it is about one."""
        return self.students[0].language if len(self.students) == 1 else None

    @property
    def in_trouble(self) -> Sequence[Unwelcomed]:
        """Those whom the welcome has still not reached."""
        return [
            each
            for each in self.students
            if each.booking is not None and each.welcome.state in IN_TROUBLE
        ]
