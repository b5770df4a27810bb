"""Messages owed to people, and their states."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Final, NamedTuple, Self

from db.models.bookings import Booking

WELCOME: Final = "welcome"
"""The kind of the message that tells a student that the place is confirmed."""
UNREACHED: Final = "unreached"
"""The kind of the message that tells an admin that a welcome cannot be delivered."""
REMINDER: Final = "reminder"
"""The kind of the message that reminds a student of a booking without a payment receipt."""
CANCELLED: Final = "cancelled"
"""The kind of the message that tells a student that the booking is cancelled."""
MOVED: Final = "moved"
"""The kind of the message that tells a student that the booking has another stream."""
ALERT: Final = "alert"
"""The kind of the message that tells the staff that the desk itself is in trouble."""
APPROVAL: Final = "approval"
"""The kind of the message about a bulk that waits for a second admin."""
ARRIVAL: Final = "arrival"
"""The kind of the message that tells the staff of a new booking."""
TELLINGS: Final = frozenset({CANCELLED, MOVED})
"""The kinds of messages that tell a student of a decision beside the welcome."""
NOTICES: Final = frozenset({UNREACHED, ARRIVAL, ALERT, APPROVAL})
"""The kinds of messages that the desk sends to admins by itself."""

LOOKED_FOR_EVERY: Final = timedelta(seconds=5)
"""The longest time between two looks of the delivery worker for due messages."""


class Sender(StrEnum):
    """The bot that sends a message; both may be the same bot."""

    STUDENTS = "students"
    DESK = "desk"


class Priority(IntEnum):
    """What leaves first: the lower number."""

    WAITED_FOR = 0
    """Somebody at the desk or in the chat waits for it."""
    EXTERNAL = 5
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
    """The request left without an answer, so the message may have arrived."""
    WAITING = "waiting"
    """The person cannot be reached yet; it is sent when they can be."""
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    """It will not be sent, or an admin has told the person by hand."""


#: The states that may follow each state.
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
    # An admin who said that it arrived can be mistaken.
    MessageState.SENT: {MessageState.UNKNOWN},
    MessageState.UNKNOWN: {MessageState.QUEUED, MessageState.WITHDRAWN, MessageState.SENT},
    MessageState.WAITING: {MessageState.QUEUED, MessageState.WITHDRAWN},
    MessageState.FAILED: {MessageState.QUEUED, MessageState.WITHDRAWN},
    # The undo of a cancellation queues the welcome again that the cancellation withdrew, and an
    # admin what an admin withdrew.
    MessageState.WITHDRAWN: {MessageState.QUEUED},
}


_MAY_BE_KNOWN: Final = {MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN}


def sources_of(state: MessageState) -> Sequence[MessageState]:
    """Return the states that `state` may follow."""
    return [source for source, targets in MESSAGE_TRANSITIONS.items() if state in targets]


class Reason(StrEnum):
    """Why a message is not sent, or not sent yet."""

    CANCELLED = "cancelled"
    """The booking was cancelled first."""
    NOT_CONFIRMED = "not_confirmed"
    """The booking was not confirmed any more when the message was prepared."""
    BOOKING_GONE = "booking_gone"
    NEVER_STARTED = "never_started"
    SETTLED = "settled"
    """Its cause was over before it was sent."""
    TOLD_BY_HAND = "told_by_hand"
    """An admin has told the person."""
    WITHDRAWN_BY_HAND = "withdrawn_by_hand"
    READDRESSED = "readdressed"
    """Another program corrected whose booking it is, or who reads it is no admin any more."""
    MERGED = "merged"
    """Another notice in the chat says it as well."""
    UNDONE = "undone"
    """The decision that owed the message was undone."""
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    NO_CHAT = "no_chat"
    """Telegram knows no chat with the person, who most often never started the bot."""
    REFUSED = "refused"
    """Telegram refused the text."""
    FORBIDDEN = "forbidden"
    """The bot may not write to the chat; most often it was removed from the group."""
    TOKEN = "token"  # noqa: S105
    """Telegram does not accept the bot's token."""
    TOO_MANY_REQUESTS = "too_many_requests"
    TELEGRAM_DOWN = "telegram_down"
    NO_ANSWER = "no_answer"
    """The request may have arrived, but no answer came."""
    BROKEN = "broken"
    """An error of this program prevented sending."""
    GAVE_UP = "gave_up"
    """All attempts were used up."""


OUT_OF_REACH: Final = frozenset(
    {Reason.NEVER_STARTED, Reason.BLOCKED, Reason.DEACTIVATED, Reason.NO_CHAT}
)
"""Reasons that lie with the person who receives the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A message before it is written to the outbox."""

    kind: str
    subject: str
    """It distinguishes messages of the same kind to the same chat."""
    chat_id: int
    """A person, or a group when negative."""
    sender: Sender
    booking_id: int | None = None
    """The booking it is about, if any."""
    revision: int | None = None
    """The revision of that booking."""
    payload: Mapping[str, object] = field(default_factory=dict)
    """Values that its kind needs later, as JSON."""

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
    """A message of the outbox."""

    id: int
    kind: str
    """Its kind; a newer program may have kinds that this one does not know."""
    payload: Mapping[str, Any]
    """Values that its kind needs, as JSON."""
    booking_id: int | None
    """The booking it is about, if any."""
    revision: int | None
    """The revision of that booking when the message was owed."""
    chat_id: int
    """The recipient: a person, or a group if negative."""
    state: MessageState
    reason: Reason | None
    """Why it is in this state; None if the state says everything."""
    attempts: int
    """Attempts so far, with the present one."""
    tries: int
    """Attempts since it was last queued anew, or an act of it was done."""
    done: int
    """The number of its acts that are done."""
    telegram_message_ids: Sequence[int]
    """Telegram's numbers of the parts sent, in order."""
    due_at: datetime
    text: str | None
    """HTML of the part last sent or tried."""
    maybe_twice: bool
    """An earlier attempt may have arrived, because no answer to it is known."""
    created_at: datetime
    ended_at: datetime | None

    def is_about(self, booking: Booking) -> bool:
        """Whether it is about this booking, not about a deleted one with the same number."""
        return (
            booking.id == self.booking_id
            and self.revision is not None
            and booking.includes(self.revision)
        )

    def is_due_after(self, now: datetime) -> bool:
        """Whether nothing but its grace keeps it from being sent."""
        return self.state is MessageState.QUEUED and self.reason is None and self.due_at > now

    @property
    def may_be_known(self) -> bool:
        """Whether the person may have read some of it, or an admin has told them by hand."""
        return self.state in _MAY_BE_KNOWN or self.done > 0 or self.reason is Reason.TOLD_BY_HAND

    @property
    def may_have_arrived(self) -> bool:
        """Whether sending it again may deliver it twice."""
        return self.state is MessageState.UNKNOWN or self.maybe_twice

    @property
    def is_sent_by_hand(self) -> bool:
        """Whether it is an admin who says that it arrived, as Telegram never named the message."""
        of_student = self.kind not in NOTICES
        return of_student and self.state is MessageState.SENT and not self.telegram_message_ids


class GroupKey(NamedTuple):
    """The state and the reason that the messages of a group share."""

    state: MessageState
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageGroup:
    """The number of messages with the same state and reason."""

    key: GroupKey
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The end of one attempt to send a message."""

    attempt: int
    at: datetime
    state: MessageState
    reason: Reason | None
    detail: str | None
    """Telegram's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message that one worker holds until its lease ends."""

    message: Message
    claimed_at: datetime
    language: str | None
    """The language of the recipient's client, if the bot knows it."""
    booking_revision: int | None = None
    """Of the booking that the message is about, when it was claimed."""

    @property
    def id(self) -> int:
        return self.message.id

    @property
    def lease(self) -> timedelta:
        """The time for which it is held, unless it is given back or ended earlier."""
        return self.message.due_at - self.claimed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """The state of delivery."""

    server_version: str
    """The version of PostgreSQL."""
    size: int
    """The number of messages that are due, being sent, or to be tried again."""
    oldest: datetime | None
    """Since when the oldest of these waits; None if there are none."""
    waited: timedelta | None
    """For how long, by PostgreSQL's clock."""
    paused_until: datetime | None
    """The end of a pause that Telegram asked for; None if there is none."""
