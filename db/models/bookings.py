"""Bookings, and what can happen to them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple

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


class Reachability(StrEnum):
    """Whether the bot may write to a person."""

    UNKNOWN = "unknown"
    REACHABLE = "reachable"
    NEVER_STARTED = "never_started"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"


class Booking(NamedTuple):
    """One student's place in one stream. `user_id` is also the private chat to write to.

    A tuple, for each page makes eight, and a frozen dataclass takes five times as long to make.
    """

    id: int
    user_id: int | None
    """None where another program has not said whose it is."""
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
    listed_at: datetime
    """Its place in time in every list: a booking without a date counts as made in 1970."""
    referral_code: str | None
    discount_percent: int | None
    """0 to 100."""
    revision: int
    """Rises with every change, whoever makes it."""
    first_revision: int
    """What is kept of earlier ones is about a booking that had the number before."""
    reachability: Reachability
    """Whether the bot may write to the student."""

    @property
    def status(self) -> BookingStatus:
        return status_of(self.confirmed)

    def includes(self, revision: int) -> bool:
        """Whether a change or a message of this revision is about this booking."""
        return revision >= self.first_revision


class BookingAction(StrEnum):
    """What can happen to a booking, as the audit names it."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    MOVE = "move"
    UNDO = "undo"
    """The newest decision was taken back within the grace."""
    EXTERNAL = "external"
    """Another program wrote it: the student bot, a dashboard, somebody with psql."""
    DELETE = "delete"
    """Another program took it away; its number may be given again."""
