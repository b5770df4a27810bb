"""The payloads of the outbox, and of notices."""

from contextlib import suppress
from typing import Final

from bot.views.acting import MessageAction
from db.models.lists import START, Cursor, Edge
from db.models.outbox import GroupKey, Message, MessageState, Reason
from keyboards.payloads.base import Payload
from keyboards.payloads.wire import Attempts, BookingId, Count, EdgeName, State

OUTBOX_LINK: Final = "o_"
MESSAGE_LINK: Final = "m_"


class OutboxButton(Payload, prefix="o1"):
    """Show the groups of undelivered messages."""


class MessagesButton(Payload, prefix="g2"):
    """Show one page of a group of messages; the fields are those of `GroupKey` and `Cursor`."""

    state: State
    reason: Reason | None = None
    edge: EdgeName = Edge.FIRST
    row: BookingId | None = None

    @classmethod
    def of(cls, group: GroupKey, cursor: Cursor = START, **fields: object) -> str:
        """Return the payload that remembers the page and has these further fields."""
        return cls.of_fields(
            state=group.state, reason=group.reason, edge=cursor.edge, row=cursor.id, **fields
        )

    @property
    def group(self) -> GroupKey:
        return GroupKey(self.state, self.reason)

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.edge, self.row)


def place_of(message: Message) -> MessagesButton:
    """Return the page of the message's present group that begins with it."""
    return MessagesButton(
        state=message.state, reason=message.reason, edge=Edge.FROM, row=message.id
    )


class ResendAllButton(MessagesButton, prefix="r3"):
    """Resend a whole group, or first ask for confirmation."""

    asked: Count | None = None
    """The number of messages in the question that the admin saw; None asks it."""


class MessageButton(MessagesButton, prefix="n2"):
    """Show one message; the other fields name the page that it was opened from."""

    message: BookingId


class OneMessageButton(Payload, prefix="n3"):
    """Show one message, wherever it stands now."""

    message: BookingId


class MessageActionButton(MessageButton, prefix="e2"):
    """Apply an action to the message if its number of attempts is still this one."""

    attempts: Attempts
    action: MessageAction


class NoticeActionButton(Payload, prefix="c3"):
    """Apply an action to the welcome that a notice is about; the notice stays where it is."""

    message: BookingId
    attempts: Attempts
    action: MessageAction


class SubscriptionButton(Payload, prefix="c7"):
    """Be told of new bookings, or not."""

    told: bool
    group: bool
    """Whether it is about the admins' group."""


class NoticeGroupButton(Payload, prefix="c4"):
    """Open the list of those whom a notice counts; they may be in several groups."""

    state: State | None = None
    reason: Reason | None = None

    @property
    def group(self) -> GroupKey | None:
        return None if self.state is None else GroupKey(self.state, self.reason)


def group_link(group: GroupKey | None) -> str:
    """Return what follows `?start=` in a link that opens a group, or the whole outbox."""
    return OUTBOX_LINK + "-".join(map(str, filter(None, group or ())))


def linked_group(payload: str) -> GroupKey | None:
    """Return the group that a link opens; None if it is the whole outbox."""
    state, _, reason = payload.removeprefix(OUTBOX_LINK).partition("-")
    with suppress(ValueError):
        return GroupKey(MessageState(state), Reason(reason) if reason else None)
    return None


def question_link(message: int) -> str:
    """Return what follows `?start=` in a link that asks whether to send a message again."""
    return f"{MESSAGE_LINK}{message}"
