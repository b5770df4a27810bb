"""Bookings, their statuses, and the actions on them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class BookingStatus(StrEnum):
    """The meaning of `bookings.confirmed`."""

    NEW = "new"
    """The booking has no payment receipt yet."""
    PENDING = "pending"
    """The receipt is there; an admin has to decide."""
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    """A number that this program does not know; it is displayed, but never written."""

    @property
    def code(self) -> int:
        """The number stored in `bookings.confirmed`.

        Raises:
            KeyError: UNKNOWN has no number.
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


def lists_newest_first(status: BookingStatus | None) -> bool:
    """Whether a list of this status begins with the newest; who waits longest is decided first."""
    return status is not BookingStatus.PENDING


class Reachability(StrEnum):
    """Whether the bot may write to a person."""

    UNKNOWN = "unknown"
    REACHABLE = "reachable"
    NEVER_STARTED = "never_started"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"

    @property
    def keeps_off(self) -> bool:
        """Whether the bot is known not to reach the person."""
        return self not in {Reachability.UNKNOWN, Reachability.REACHABLE}


class Booking(NamedTuple):
    """One student's place in one stream; `user_id` is also the student's private chat.

    It is a tuple, because each page makes eight, and a frozen dataclass is slower to make.
    """

    id: int
    user_id: int | None
    """None where another program has not said whose it is."""
    username: str | None
    first_name: str | None
    """The name stored with the booking; the present name may differ."""
    course_id: int | None
    course_name: str | None
    course_stream: str | None
    """The stream's code; free text of the school."""
    stream_name: str | None
    confirmed: int | None
    """The raw status code; `status` is its meaning."""
    created_at: datetime | None
    listed_at: datetime
    """The moment that lists order by; a booking without a date counts as made in 1970."""
    referral_code: str | None
    discount_percent: int | None
    """0 to 100."""
    revision: int
    """Rises with every change, also by other programs."""
    first_revision: int
    """Earlier revisions belong to a deleted booking that had the same number."""
    reachability: Reachability
    """Whether the bot may write to the student."""

    @property
    def status(self) -> BookingStatus:
        return status_of(self.confirmed)

    def includes(self, revision: int) -> bool:
        """Whether the revision is this booking's, not a deleted one's with the same number."""
        return revision >= self.first_revision


class BookingAction(StrEnum):
    """An action on a booking, as the audit names it."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    MOVE = "move"
    REOPEN = "reopen"
    """A cancelled booking waits for a decision again."""
    UNDO = "undo"
    """The newest decision was undone within the grace."""
    EXTERNAL = "external"
    """Another program wrote it: the student bot, a dashboard, or psql."""
    DELETE = "delete"
    """It was deleted, by another program or as the undo of ADD; its number may be used again."""
    ADD = "add"
    """An admin has added it, by hand or with a file."""
    REMIND = "remind"
    """An admin has had its student reminded, which makes no revision."""
