"""What the buttons of the outbox say."""

from enum import StrEnum

from db.models.lists import START, Cursor, Edge
from db.models.outbox import GroupKey, Reason
from keyboards.payloads.base import Payload
from keyboards.payloads.wire import Attempts, BookingId, Count, EdgeName, State


class OutboxButton(Payload, prefix="o1"):
    """Show what is not delivered, by state and reason."""


class MessagesButton(Payload, prefix="g2"):
    """Show one page of a group of messages; the fields are those of `GroupKey` and `Cursor`."""

    state: State
    reason: Reason | None = None
    edge: EdgeName = Edge.FIRST
    row: BookingId | None = None

    @classmethod
    def of(cls, group: GroupKey, cursor: Cursor = START, **fields: object) -> str:
        """Return the payload that remembers the page; `fields` are what it has besides."""
        return cls.of_fields(
            state=group.state, reason=group.reason, edge=cursor.edge, row=cursor.id, **fields
        )

    @property
    def group(self) -> GroupKey:
        return GroupKey(self.state, self.reason)

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.edge, self.row)


class ResendAllButton(MessagesButton, prefix="r3"):
    """Ask whether to send the whole group again, or do it."""

    asked: Count | None = None
    """Of how many messages the admin was asked; None: ask."""


class MessageButton(MessagesButton, prefix="n2"):
    """Show one message, opened from the page its other fields name."""

    message: BookingId


class MessageAction(StrEnum):
    """What an admin can do with a message."""

    ASK_RESEND = "a"
    RESEND = "r"
    WITHDRAW = "w"
    TOLD = "t"


class MessageActionButton(MessageButton, prefix="e2"):
    """Do something with the message, as it was after so many attempts."""

    attempts: Attempts
    action: MessageAction
