"""An admin confirms a booking, and the student is welcomed."""

import asyncpg

from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_a_confirmed_student_is_welcomed_once(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(user_id=vera.id)
    vera.start()

    await anna.opens("/pending", shows="Pending")
    await anna.press_row(booking)
    await anna.sees(f"Booking #{booking}", "Vera")
    answer = await anna.press("Confirm")
    await vera.hears("welcome", "north")
    await anna.press("Back to the list")
    await anna.sees("Nobody is waiting")

    assert answer.text == f"✅ Booking #{booking} is confirmed. The welcome is on its way."
    assert await sql.fetchval("SELECT confirmed FROM bookings") == 2
    assert len([text for text in vera.inbox if "welcome" in text]) == 1
