"""A school whose bookings can be told apart by filters."""

import pytest

from tests.support.school import MakeBooking


@pytest.fixture
async def school(make_booking: MakeBooking) -> dict[str, int]:
    """Return bookings of two courses, two streams and two statuses, by name."""
    return {
        "pending": await make_booking(course_stream="7th_stream", created_at=None),
        "today": await make_booking(course_stream="7th_stream", referral_code="FRIEND10"),
        "confirmed": await make_booking(course_stream="7th_stream", confirmed=2),
        "other": await make_booking(course_id=2, course_stream="north", confirmed=1),
    }
