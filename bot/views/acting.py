"""What admins may do with a message in its state."""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import Final

from db.models.outbox import TELLINGS, WELCOME, Message, MessageState, Reason

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
_OF_DECISIONS: Final = TELLINGS | {WELCOME}


class MessageAction(StrEnum):
    """The actions of an admin on a message."""

    ASK_RESEND = "a"
    RESEND = "r"
    WITHDRAW = "w"
    TOLD = "t"
    ARRIVED = "d"
    DOUBT = "n"
    """Take back that it arrived."""
    RESTORE = "u"
    TAKE = "i"
    """Say that one writes to the student oneself."""
    LEAVE = "l"
    """Take that back."""


def moves_of(message: Message) -> Set[MessageState]:
    """Return the states to which an admin may move the message."""
    if message.state is MessageState.WITHDRAWN and message.reason in _BY_HAND:
        return {MessageState.QUEUED}
    if message.is_sent_by_hand:
        return {MessageState.UNKNOWN}
    return MOVES.get(message.state, frozenset())


def can_be_taken(message: Message) -> bool:
    """Whether an admin may have to write to the student instead."""
    return message.kind in _OF_DECISIONS and message.state in IN_TROUBLE


def needs_care(message: Message) -> bool:
    """Whether a student has not got the message, or an admin has settled that by hand."""
    return (
        message.state in IN_TROUBLE
        or (message.state is MessageState.WITHDRAWN and message.reason in _BY_HAND)
        or message.is_sent_by_hand
    )
