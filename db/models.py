"""Frozen values that rows become; the only part of `db` that screens may see."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

T = TypeVar("T")

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class BookingStatus(StrEnum):
    """What `bookings.confirmed` means."""

    NEW = "new"
    """Created; no payment receipt yet."""
    PENDING = "pending"
    """The receipt is there; an admin has to decide."""
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    """A number this program does not know. It is shown, never written."""

    @property
    def code(self) -> int:
        """The number stored in `bookings.confirmed`.

        Raises:
            KeyError: UNKNOWN has none.
        """
        return STATUS_CODES[self]


STATUS_CODES: Final[Mapping[BookingStatus, int]] = {
    BookingStatus.NEW: 0,
    BookingStatus.PENDING: 1,
    BookingStatus.CONFIRMED: 2,
    BookingStatus.CANCELLED: -1,
}
_STATUSES: Final = {code: status for status, code in STATUS_CODES.items()}


def status_of(code: int | None) -> BookingStatus:
    return BookingStatus.UNKNOWN if code is None else _STATUSES.get(code, BookingStatus.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One student's place in one stream. `user_id` is also the private chat to write to."""

    id: int
    user_id: int
    username: str | None
    first_name: str | None
    """As stored with the booking; today's name may be another."""
    course_id: int | None
    course_name: str | None
    course_stream: str | None
    """The stream's code; free text of the school."""
    stream_name: str | None
    confirmed: int | None
    """The raw status code; `status` is what it means."""
    created_at: datetime | None
    referral_code: str | None
    discount_percent: int | None
    """0 to 100."""
    revision: int
    """Rises with every change, whoever makes it."""

    @property
    def status(self) -> BookingStatus:
        return status_of(self.confirmed)

    @property
    def listed_at(self) -> datetime:
        """Its place in time in every list: a booking without a date counts as made in 1970."""
        return self.created_at or EPOCH


class BookingAction(StrEnum):
    """What can happen to a booking, as the audit names it."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    MOVE = "move"
    OUTSIDE = "outside"
    """Another program wrote it: the student bot, a dashboard, somebody with psql."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who changed a booking."""

    id: int
    name: str
    """As it was then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the audit: what one revision of a booking changed."""

    booking_id: int
    revision: int
    """The booking's revision after the change."""
    action: BookingAction
    actor: Actor | None
    """None when another program made the change."""
    at: datetime
    status_before: BookingStatus
    status_after: BookingStatus
    stream_before: str | None
    stream_after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A cohort of a course."""

    id: int
    course_id: int
    code: str
    name: str | None
    is_open: bool
    """An admin may move a booking into it."""


class MessageKind(StrEnum):
    """Why a student is written to."""

    WELCOME = "welcome"


class MessageState(StrEnum):
    """How far a message to a student has come."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    """The request left and no answer came: it may have arrived."""
    WAITING = "waiting"
    """The student cannot be reached yet; it goes out when they can."""
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Reason(StrEnum):
    """Why a message is not sent, or not sent yet."""

    CANCELLED = "cancelled"
    """The booking was cancelled first."""
    NOT_CONFIRMED = "not_confirmed"
    """The booking was found not to be confirmed when the message was about to leave."""
    BOOKING_GONE = "booking_gone"
    NEVER_STARTED = "never_started"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    NO_CHAT = "no_chat"
    """Telegram knows no chat with the person; most often they never started the bot."""
    REFUSED = "refused"
    """Telegram did not take the text."""
    TOKEN = "token"  # noqa: S105
    """Telegram does not accept the bot's token."""
    TOO_MANY_REQUESTS = "too_many_requests"
    TELEGRAM_DOWN = "telegram_down"
    NO_ANSWER = "no_answer"
    """The request may have arrived; the answer did not."""
    GAVE_UP = "gave_up"
    """Every attempt has been used up."""


class Reachability(StrEnum):
    """Whether the bot may write to a person."""

    UNKNOWN = "unknown"
    REACHABLE = "reachable"
    NEVER_STARTED = "never_started"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message owed to a student."""

    id: int
    booking_id: int
    user_id: int
    kind: MessageKind
    state: MessageState
    reason: Reason | None
    """Why it is in this state; None where the state says it all."""
    due_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message that one worker holds, to send it now."""

    id: int
    booking_id: int
    user_id: int
    kind: MessageKind
    attempts: int
    """This one included."""
    claimed_at: datetime
    language: str | None
    """Of the student's client, where the bot has met them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything an admin sees about one booking."""

    booking: Booking
    decision: Change | None
    """The newest change, if there was any since the desk arrived."""
    welcome: Message | None
    """The newest welcome."""
    reachability: Reachability
    actions: Set[BookingAction]
    """What its status allows."""


class Edge(StrEnum):
    """Where a page lies, seen from its anchor."""

    FIRST = "f"
    LAST = "l"
    AFTER = "a"
    BEFORE = "b"
    FROM = "i"
    """The anchor itself is the page's first row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of a list, named so that rows coming and going cannot move it.

    `at` and `id` are the sort key of the row the page is reckoned from; both are None
    exactly for the first and the last page.
    """

    status: BookingStatus | None
    """None: bookings of every status."""
    edge: Edge = Edge.FIRST
    at: datetime | None = None
    id: int | None = None

    @property
    def newest_first(self) -> bool:
        """Decided lists are read from the newest; whoever waits longest comes first."""
        return self.status not in {BookingStatus.NEW, BookingStatus.PENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One screenful of a longer list."""

    items: Sequence[T]
    place: Place
    """Where this page lies now: its first row and edge FROM, or FIRST for an empty list."""
    number: int
    """Counted from 1."""
    last: int
    """The number of the last page, as seen from this one; at least 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingList:
    """A page of bookings and what its tabs say."""

    page: Page[Booking]
    counts: Mapping[BookingStatus | None, int]
    """Bookings of each status; under None, all of them, unknown ones included."""
