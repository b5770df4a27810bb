"""Messages owed to people, and how far each has come."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Final, NamedTuple, Self

from db.models.bookings import Booking

WELCOME: Final = "welcome"
"""The kind of messages to a student: the place is confirmed."""
UNREACHED: Final = "unreached"
"""The kind of messages to an admin: a student's welcome cannot be delivered."""


LOOKED_FOR_EVERY: Final = timedelta(seconds=5)
"""Whoever delivers looks at least so often for what is due, without being told."""


class Sender(StrEnum):
    """Which bot a message goes out with; both may be one."""

    STUDENTS = "students"
    DESK = "desk"


class Priority(IntEnum):
    """What leaves first: the lower number."""

    WAITED_FOR = 0
    """Somebody at the desk or in the chat waits for it."""
    OUTSIDE = 5
    """Owed for what another program did."""
    BULK = 10
    """One of many that are owed at once."""


class MessageState(StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    SENDING = "sending"
    """A worker holds it."""
    SENT = "sent"
    UNKNOWN = "unknown"
    """The request left and no answer came: it may have arrived."""
    WAITING = "waiting"
    """The person cannot be reached yet; it goes out when they can."""
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    """It will not be sent, or somebody has told the person by hand."""


#: What may become of a message in each state.
MESSAGE_TRANSITIONS: Final[Mapping[MessageState, Set[MessageState]]] = {
    MessageState.QUEUED: {MessageState.SENDING, MessageState.WITHDRAWN},
    MessageState.SENDING: {
        MessageState.QUEUED,
        MessageState.SENT,
        MessageState.UNKNOWN,
        MessageState.WAITING,
        MessageState.FAILED,
        MessageState.WITHDRAWN,
    },
    MessageState.SENT: frozenset(),
    MessageState.UNKNOWN: {MessageState.QUEUED, MessageState.WITHDRAWN},
    MessageState.WAITING: {MessageState.QUEUED, MessageState.WITHDRAWN},
    MessageState.FAILED: {MessageState.QUEUED, MessageState.WITHDRAWN},
    # An undone cancellation owes the welcome again that it had withdrawn.
    MessageState.WITHDRAWN: {MessageState.QUEUED},
}


#: Not arrived for certain, and not settled by anybody.
UNDELIVERED: Final[Set[MessageState]] = {
    MessageState.QUEUED,
    MessageState.SENDING,
    MessageState.UNKNOWN,
    MessageState.WAITING,
    MessageState.FAILED,
}


_MAY_BE_KNOWN: Final = {MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN}


def sources_of(state: MessageState) -> Sequence[MessageState]:
    """Return the states from which a message may come to `state`."""
    return [source for source, targets in MESSAGE_TRANSITIONS.items() if state in targets]


class Reason(StrEnum):
    """Why a message is not sent, or not sent yet."""

    CANCELLED = "cancelled"
    """The booking was cancelled first."""
    NOT_CONFIRMED = "not_confirmed"
    """The booking was found not to be confirmed when the message was about to leave."""
    BOOKING_GONE = "booking_gone"
    NEVER_STARTED = "never_started"
    SETTLED = "settled"
    """What it was to tell had come right before it left."""
    TOLD_BY_HAND = "told_by_hand"
    """An admin has told the person."""
    WITHDRAWN_BY_HAND = "withdrawn_by_hand"
    UNDONE = "undone"
    """The decision that owed the message was undone."""
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    NO_CHAT = "no_chat"
    """Telegram knows no chat with the person; most often they never started the bot."""
    REFUSED = "refused"
    """Telegram did not take the text."""
    FORBIDDEN = "forbidden"
    """The bot may not write there; most often it was removed from the group."""
    TOKEN = "token"  # noqa: S105
    """Telegram does not accept the bot's token."""
    TOO_MANY_REQUESTS = "too_many_requests"
    TELEGRAM_DOWN = "telegram_down"
    NO_ANSWER = "no_answer"
    """The request may have arrived; the answer did not."""
    BROKEN = "broken"
    """A fault of this program kept it from being sent."""
    GAVE_UP = "gave_up"
    """Every attempt has been used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A message that is about to be owed."""

    kind: str
    subject: str
    """What tells it from others of its kind to the same chat."""
    chat_id: int
    """A person, or a group when negative."""
    sender: Sender
    booking_id: int | None = None
    """The booking it is about, if it is about one."""
    revision: int | None = None
    """Of that booking."""
    payload: Mapping[str, object] = field(default_factory=dict)
    """What its kind needs later, as JSON has it."""

    @classmethod
    def about(
        cls, kind: str, booking_id: int, revision: int, *, chat_id: int, sender: Sender
    ) -> Self:
        """Return the one message of this kind for this revision of the booking to this chat."""
        return cls(
            kind=kind,
            subject=f"{booking_id}:{revision}",
            chat_id=chat_id,
            sender=sender,
            booking_id=booking_id,
            revision=revision,
        )


class Message(NamedTuple):
    """A message owed to somebody."""

    id: int
    kind: str
    """Why somebody is written to; a newer program may have kinds that this one does not know."""
    payload: Mapping[str, Any]
    """What the kind needs, as JSON has it."""
    booking_id: int | None
    """The booking it is about, if it is about one."""
    revision: int | None
    """Of that booking, when the message was owed."""
    chat_id: int
    """Whom it is for: a person, or a group when negative."""
    state: MessageState
    reason: Reason | None
    """Why it is in this state; None where the state says it all."""
    attempts: int
    """Begun so far, the present one included."""
    tries: int
    """Those since it was last to be sent anew, or a part of it was sent."""
    done: int
    """Of the parts it consists of, those that are through."""
    telegram_message_ids: Sequence[int]
    """Of what was sent, in its order."""
    due_at: datetime
    text: str | None
    """HTML of the part that was last sent or tried."""
    maybe_twice: bool
    """An earlier attempt left and was never answered, maybe because the program died."""
    created_at: datetime
    ended_at: datetime | None

    def is_about(self, booking: Booking) -> bool:
        """Whether it is about this booking, and not about one that had the number before."""
        return (
            booking.id == self.booking_id
            and self.revision is not None
            and booking.includes(self.revision)
        )

    @property
    def may_be_known(self) -> bool:
        """The person may have read it or a part of it, or has been told by hand."""
        return self.state in _MAY_BE_KNOWN or self.done > 0 or self.reason is Reason.TOLD_BY_HAND

    @property
    def may_have_arrived(self) -> bool:
        """To send it again may mean twice."""
        return self.state is MessageState.UNKNOWN or self.maybe_twice

    @property
    def undelivered(self) -> bool:
        """It has not arrived for certain, and nobody has settled it."""
        return self.state in UNDELIVERED


class GroupKey(NamedTuple):
    """What the messages of a group share."""

    state: MessageState
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageGroup:
    """Messages that share a state and the reason for it."""

    key: GroupKey
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one attempt to send a message ended."""

    attempt: int
    at: datetime
    state: MessageState
    reason: Reason | None
    detail: str | None
    """Telegram's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message that one worker holds, to send it now."""

    message: Message
    claimed_at: datetime
    language: str | None
    """Of the recipient's client, where the bot has met them."""

    @property
    def id(self) -> int:
        return self.message.id

    @property
    def lease(self) -> timedelta:
        """For how long it is held, unless it is given back or ended before."""
        return self.message.due_at - self.claimed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """How delivery is doing."""

    server_version: str
    """PostgreSQL's."""
    size: int
    """Messages that are due and have not ended."""
    oldest: datetime | None
    """Since when the longest due of them has been due; None when there is none."""
    paused_until: datetime | None
    """While Telegram wants nothing to be sent."""
    last_error: Attempt | None
