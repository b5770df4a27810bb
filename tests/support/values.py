"""Complete values for tests of pure rules; a test names only the fields that matter to it."""

from datetime import UTC, datetime
from typing import Any

from db.models.bookings import Booking, Reachability
from db.models.outbox import WELCOME, Message, MessageState

_BOOKING = Booking(
    id=7,
    user_id=13,
    username="vera",
    first_name="Vera",
    course_id=1,
    course_name="Drawing",
    course_stream="north",
    stream_name="North",
    confirmed=1,
    created_at=datetime(2026, 3, 3, 14, 2, tzinfo=UTC),
    listed_at=datetime(2026, 3, 3, 14, 2, tzinfo=UTC),
    referral_code="FRIEND10",
    discount_percent=10,
    revision=1,
    first_revision=1,
    reachability=Reachability.REACHABLE,
)
_MESSAGE = Message(
    id=70,
    kind=WELCOME,
    payload={},
    booking_id=7,
    revision=2,
    chat_id=13,
    state=MessageState.SENT,
    reason=None,
    attempts=1,
    tries=1,
    done=1,
    telegram_message_ids=[700],
    due_at=datetime(2026, 3, 3, 14, 3, tzinfo=UTC),
    text="Welcome",
    maybe_twice=False,
    created_at=datetime(2026, 3, 3, 14, 3, tzinfo=UTC),
    ended_at=datetime(2026, 3, 3, 14, 4, tzinfo=UTC),
)


def a_booking(**fields: Any) -> Booking:
    return _BOOKING._replace(**fields)


def a_message(**fields: Any) -> Message:
    return _MESSAGE._replace(**fields)
