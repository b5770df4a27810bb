"""A booking whose student can be written to."""

import pytest

from tests.support.person import Person
from tests.support.school import MakeBooking


@pytest.fixture
async def booking(desk: None, vera: Person, make_booking: MakeBooking) -> int:
    """Return a confirmed booking of Vera's, who has started the bot."""
    booking = await make_booking(confirmed=2)
    vera.start()
    await vera.hears("your bookings")
    return booking
