"""The rules for transitions, for every status and every action."""

from dataclasses import replace

import pytest

from bot.errors import ActionNotAllowed, StreamNotOpen
from bot.services.bookings.transitions import SOURCES, actions, apply
from db.models.bookings import Booking, BookingAction, BookingStatus, status_of
from db.models.streams import Stream
from tests.support.values import a_booking

CONFIRM, CANCEL, MOVE = BookingAction.CONFIRM, BookingAction.CANCEL, BookingAction.MOVE
REOPEN = BookingAction.REOPEN
ALLOWED = {
    BookingStatus.NEW: {CONFIRM, CANCEL, MOVE},
    BookingStatus.PENDING: {CONFIRM, CANCEL, MOVE},
    BookingStatus.CONFIRMED: {CANCEL, MOVE},
    BookingStatus.CANCELLED: {CONFIRM, REOPEN},
    BookingStatus.UNKNOWN: set[BookingAction](),
}
CODES = {0: "new", 1: "pending", 2: "confirmed", -1: "cancelled", 7: "unknown", None: "unknown"}
SOUTH = Stream(id=2, course_id=1, code="south", name="South", is_open=True)


def booking_in(status: BookingStatus) -> Booking:
    codes = {BookingStatus(name): code for code, name in CODES.items()}
    return a_booking(confirmed=codes[status], course_id=1, course_stream="north")


@pytest.mark.parametrize(("code", "status"), CODES.items())
def test_a_number_means_a_status(code: int | None, status: str) -> None:
    assert status_of(code) == status


@pytest.mark.parametrize("status", BookingStatus)
def test_a_status_offers_its_actions(status: BookingStatus) -> None:
    assert actions(status) == ALLOWED[status]


@pytest.mark.parametrize("status", BookingStatus)
@pytest.mark.parametrize("action", BookingAction)
def test_an_action_starts_only_from_its_statuses(
    status: BookingStatus, action: BookingAction
) -> None:
    booking = booking_in(status)

    if action in ALLOWED[status]:
        assert apply(booking, action, SOUTH) != booking
    else:
        with pytest.raises(ActionNotAllowed):
            apply(booking, action, SOUTH)


@pytest.mark.parametrize("status", sorted(SOURCES[CONFIRM]))
def test_confirming_changes_the_status_alone(status: BookingStatus) -> None:
    booking = booking_in(status)

    assert apply(booking, CONFIRM) == booking._replace(confirmed=2)


@pytest.mark.parametrize("status", sorted(SOURCES[CANCEL]))
def test_cancelling_changes_the_status_alone(status: BookingStatus) -> None:
    booking = booking_in(status)

    assert apply(booking, CANCEL) == booking._replace(confirmed=-1)


@pytest.mark.parametrize("status", sorted(SOURCES[MOVE]))
def test_moving_changes_the_stream_alone(status: BookingStatus) -> None:
    booking = booking_in(status)

    moved = apply(booking, MOVE, SOUTH)

    assert moved == booking._replace(course_stream="south", stream_name="South")


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(None, id="gone"),
        pytest.param(replace(SOUTH, is_open=False), id="closed"),
        pytest.param(replace(SOUTH, course_id=2), id="of another course"),
        pytest.param(replace(SOUTH, code="north"), id="the booking's own"),
    ],
)
def test_a_stream_that_takes_nobody_is_refused(stream: Stream | None) -> None:
    with pytest.raises(StreamNotOpen):
        apply(booking_in(BookingStatus.PENDING), MOVE, stream)


def test_a_booking_of_no_course_goes_nowhere() -> None:
    with pytest.raises(StreamNotOpen):
        apply(a_booking(course_id=None, confirmed=1), MOVE, SOUTH)
