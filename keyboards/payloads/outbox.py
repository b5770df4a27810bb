"""The payloads of the outbox."""

from enum import StrEnum

from db.models.lists import START, Cursor, Edge
from db.models.outbox import GroupKey, Message, Reason
from keyboards.payloads.base import Payload
from keyboards.payloads.wire import Attempts, BookingId, Count, EdgeName, State


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


class MessageAction(StrEnum):
    """The actions of an admin on a message."""

    ASK_RESEND = "a"
    RESEND = "r"
    WITHDRAW = "w"
    TOLD = "t"
    ARRIVED = "d"
    RESTORE = "u"


class MessageActionButton(MessageButton, prefix="e2"):
    """Apply an action to the message if its number of attempts is still this one."""

    attempts: Attempts
    action: MessageAction
