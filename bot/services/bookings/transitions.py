"""What may happen to a booking in which status: the whole rule, as a table."""

from collections.abc import Mapping, Sequence, Set
from datetime import timedelta
from typing import Final

from bot.errors import ActionNotAllowed, StreamNotOpen
from db.models.audit import Change
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.streams import Stream

_UNDECIDED: Final = frozenset({BookingStatus.NEW, BookingStatus.PENDING})

#: action -> the statuses it may start from. Confirming a cancelled booking reopens it.
SOURCES: Final[Mapping[BookingAction, Set[BookingStatus]]] = {
    BookingAction.CONFIRM: _UNDECIDED | {BookingStatus.CANCELLED},
    BookingAction.CANCEL: _UNDECIDED | {BookingStatus.CONFIRMED},
    BookingAction.MOVE: _UNDECIDED | {BookingStatus.CONFIRMED},
}


def actions(status: BookingStatus) -> Set[BookingAction]:
    """Return what an admin may do with a booking of this status."""
    return {action for action, sources in SOURCES.items() if status in sources}


def apply(booking: Booking, action: BookingAction, stream: Stream | None = None) -> Booking:
    """Return the booking as `action` leaves it; `stream` is where MOVE takes it.

    Raises:
        ActionNotAllowed: the action does not start from the booking's status.
        StreamNotOpen: the stream does not exist, is closed or of another course, or is the
            one the booking is in.
    """
    if action not in actions(booking.status):
        raise ActionNotAllowed(booking, action)
    match action:
        case BookingAction.CONFIRM:
            return booking._replace(confirmed=BookingStatus.CONFIRMED.code)
        case BookingAction.CANCEL:
            return booking._replace(confirmed=BookingStatus.CANCELLED.code)
        case BookingAction.MOVE if stream is not None and _takes(stream, booking):
            return booking._replace(course_stream=stream.code, stream_name=stream.name)
        case _:
            raise StreamNotOpen(booking)


def undoable(change: Change, booking: Booking, grace: timedelta) -> bool:
    """Whether `change` is the booking's newest, an admin's decision, and within its grace."""
    return change.action in SOURCES and change.revision == booking.revision and change.age < grace


def undone(booking: Booking, change: Change) -> Booking:
    """Return the booking as it was before `change`."""
    return booking._replace(
        confirmed=change.status_before.code,
        course_stream=change.before.course_stream,
        stream_name=change.before.stream_name,
    )


def as_known(booking: Booking, changes: Sequence[Change], grace: timedelta) -> Booking:
    """Return the booking as its student knows it; of `changes` its newest come first.

    Within the grace of a decision they hear nothing of it.
    """
    for change in changes:
        if undoable(change, booking, grace):
            booking = undone(booking, change)._replace(revision=change.revision - 1)
    return booking


def _takes(stream: Stream, booking: Booking) -> bool:
    return (
        stream.is_open
        and stream.course_id == booking.course_id
        and stream.code != booking.course_stream
    )
