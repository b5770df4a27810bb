"""A booking is deleted, and another one gets its number."""

import asyncpg
import pytest

from tests.support.person import Person
from tests.support.school import MakeBooking

GONE = pytest.mark.parametrize(
    "gone", ["DELETE FROM bookings", "TRUNCATE bookings RESTART IDENTITY"]
)


@GONE
async def test_a_booking_with_a_number_used_before_is_confirmed_and_welcomed_like_any_other(
    desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    gone: str,
) -> None:
    vera.start()
    await make_booking(id=5)
    await anna.opens("/booking 5", shows="Pending")
    await anna.press("Confirm")
    await vera.hears("welcome", "north")
    await sql.execute(gone)
    await make_booking(id=5, course_stream="south")

    await anna.opens("/booking 5", shows="south")
    assert "Anna" not in anna.screen.text
    assert "elcome" not in anna.screen.text
    await anna.press("Why?")
    await anna.sees("Not decided here")
    await anna.press("Back to the booking")
    await anna.press("Confirm")

    await vera.hears("welcome", "south")


@GONE
async def test_a_button_of_a_booking_that_is_gone_decides_nothing_about_its_successor(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, gone: str
) -> None:
    await make_booking(id=5)
    await anna.opens("/booking 5", shows="Pending")
    await sql.execute(gone)
    await make_booking(id=5, course_stream="south")

    await anna.press("Confirm")

    await anna.sees("south", "Pending")


async def test_a_confirmation_from_outside_welcomes_the_successor(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    vera.start()
    await make_booking(id=5)
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await vera.hears("welcome", "north")
    await sql.execute("TRUNCATE bookings")
    await make_booking(id=5, course_stream="south")

    await sql.execute("UPDATE bookings SET confirmed = 2")

    await vera.hears("welcome", "south")


async def test_what_was_owed_to_a_student_is_not_sent_about_the_successor(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking(id=5)
    await anna.opens("/booking 5", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("didn't get the welcome")
    await sql.execute("DELETE FROM bookings")
    await make_booking(id=5, user_id=99, course_stream="south", confirmed=2)

    vera.start()
    await anna.finds("/outbox", "Everything has arrived")

    assert not any("south" in text for text in vera.inbox)


@GONE
async def test_a_booking_that_another_program_deletes_is_in_the_log(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, gone: str
) -> None:
    await make_booking(id=5)
    await sql.execute(gone)

    await anna.opens("/log 5", shows="#5 · another program: deleted · ⏳ → 🗑")
    answer = await anna.press("Booking #5")

    assert answer.text == "There is no booking #5."


async def test_a_welcome_of_the_former_booking_is_none_of_the_successor(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    vera.start()
    await make_booking(id=5)
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await vera.hears("welcome", "north")
    await anna.finds("/bookings delivered", "1 booking")
    await sql.execute("DELETE FROM bookings")
    await make_booking(id=5)

    await anna.finds("/bookings delivered", "No bookings match")


@GONE
async def test_the_page_of_a_student_tells_nothing_of_a_booking_that_is_gone(
    desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    gone: str,
) -> None:
    vera.start()
    await make_booking(id=5)
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await vera.hears("welcome", "north")
    await anna.finds("/booking 5", "Welcome delivered")
    await sql.execute(gone)
    await make_booking(id=5, confirmed=0)
    await sql.execute("UPDATE bookings SET confirmed = 1")

    await anna.opens("/booking 5", shows="Pending")
    await anna.press("The student")

    await anna.sees("#5 · another program: ")
    assert anna.screen.text.count("#5 ·") == 2, "the booking itself and its one change"
    assert "Welcome delivered" not in anna.screen.text


async def test_what_was_decided_and_sent_stays_with_whose_booking_it_was(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    vera.start()
    await make_booking(id=4)
    await make_booking(id=5, course_id=2)
    await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
    await anna.finds("/booking 5", "Welcome delivered")
    await sql.execute("UPDATE bookings SET user_id = 99 WHERE id = 5")
    await anna.sees("Vera didn't get the welcome", "id 99")

    await anna.opens("/booking 4", shows="Pending")
    await anna.press("The student")
    await anna.sees("#5 💌 Welcome delivered", "#5 · another program: ")
    await anna.opens("/booking 5", shows="Confirmed")
    await anna.press("The student")

    await anna.sees("id 99", "‹ Back to the booking")
    assert "Welcome delivered" not in anna.screen.text
