"""The transitions of a booking: which action its status allows, and the result."""

from collections.abc import Mapping, Sequence, Set
from datetime import timedelta
from typing import Final

from bot.errors import ActionNotAllowed, StreamNotOpen
from db.models.audit import Change
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.streams import Stream

_UNDECIDED: Final = frozenset({BookingStatus.NEW, BookingStatus.PENDING})

SOURCES: Final[Mapping[BookingAction, Set[BookingStatus]]] = {
    BookingAction.CONFIRM: _UNDECIDED | {BookingStatus.CANCELLED},
    BookingAction.CANCEL: _UNDECIDED | {BookingStatus.CONFIRMED},
    BookingAction.MOVE: _UNDECIDED | {BookingStatus.CONFIRMED},
    BookingAction.REOPEN: {BookingStatus.CANCELLED},
}
"""The statuses that allow each action; a cancelled booking can also be confirmed at once.

A confirmed one is not set back to pending: its student has been told of the place."""


def actions(status: BookingStatus) -> Set[BookingAction]:
    """Return the actions that this status allows."""
    return {action for action, sources in SOURCES.items() if status in sources}


def apply(booking: Booking, action: BookingAction, stream: Stream | None = None) -> Booking:
    """Return the booking after `action`; MOVE takes it to `stream`.

    Raises:
        ActionNotAllowed: the booking's status does not allow the action.
        StreamNotOpen: the stream does not exist, is closed, of another course, or already that
            of the booking.
    """
    if action not in actions(booking.status):
        raise ActionNotAllowed(booking, action)
    match action:
        case BookingAction.CONFIRM:
            return booking._replace(confirmed=BookingStatus.CONFIRMED.code)
        case BookingAction.CANCEL:
            return booking._replace(confirmed=BookingStatus.CANCELLED.code)
        case BookingAction.REOPEN:
            return booking._replace(confirmed=BookingStatus.PENDING.code)
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
    """Return the booking as its student knows it: without decisions within their grace.

    `changes` are those of the booking, newest first.
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
