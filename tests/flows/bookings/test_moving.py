"""An admin moves bookings to other streams."""

import asyncpg
import pytest

from tests.flows.bookings.rows import audit, booking_row, heard_welcomes
from tests.support.person import Person
from tests.support.school import ANNA_ID, MakeBooking


@pytest.mark.parametrize("code", [0, 1, 2])
async def test_moving_keeps_the_status_and_the_user_follows(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, code: int
) -> None:
    booking = await make_booking(confirmed=code)
    await make_booking(course_stream="south")
    await anna.opens(f"/booking {booking}", shows=f"Booking #{booking}")

    await anna.press("Move")
    await anna.sees("Move to which stream?")
    answer = await anna.press("south")
    await anna.sees("Moved to south by Anna")

    assert answer.text == f"🔀 Booking #{booking} is now in south."
    assert (await booking_row(sql, booking))["course_stream"] == "south"
    assert await audit(sql) == [("move", ANNA_ID, "Anna", code, code, "north", "south")]
    assert await sql.fetchval("SELECT course_stream FROM users WHERE user_id = 13") == "south"


async def test_a_stream_is_called_by_its_name_everywhere(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await make_booking(course_stream="south")
    await sql.execute("UPDATE booking_desk.streams SET name = 'The ' || code")
    await anna.opens(f"/booking {booking}", shows="The north")

    await anna.press("Move")
    await anna.sees("Move to which stream?")
    answer = await anna.press("The south")
    await anna.sees("#1 · The south", "Moved to The south by Anna")

    assert answer.text == f"🔀 Booking #{booking} is now in The south."


async def test_only_open_streams_of_the_same_course_are_offered(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    for stream, course in (("south", 1), ("closed", 1), ("foreign", 2)):
        await make_booking(course_stream=stream, course_id=course)
    await sql.execute("UPDATE booking_desk.streams SET is_open = code <> 'closed'")
    await anna.opens(f"/booking {booking}", shows=f"Booking #{booking}")

    await anna.press("Move")
    await anna.sees("Move to which stream?")

    assert anna.buttons == ["south · 👤 0", "Tell the student", "‹ Back to the booking"]


async def test_a_course_without_another_open_stream_says_so(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows=f"Booking #{booking}")

    await anna.press("Move")
    await anna.sees("There is no other open stream of this course")

    assert anna.buttons == ["‹ Back to the booking"]


async def test_many_streams_come_in_parts(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    for number in range(17):
        await make_booking(course_stream=f"stream-{number:02}")
    await anna.opens(f"/booking {booking}", shows=f"Booking #{booking}")
    offered: list[str] = []

    await anna.press("Move")
    for newest in ("stream-16", "stream-08"):
        await anna.sees(newest, "Next ›")
        offered += [label.split(" · ")[0] for label in anna.buttons if "stream-" in label]
        await anna.press("Next ›")
    await anna.sees("stream-00")
    offered += [label.split(" · ")[0] for label in anna.buttons if "stream-" in label]

    assert offered == [f"stream-{number:02}" for number in reversed(range(17))]
    assert anna.buttons[1:] == ["‹ Prev", "Tell the student", "‹ Back to the booking"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE booking_desk.streams SET is_open = false WHERE code = 'south'",
        "UPDATE booking_desk.streams SET course_id = 2 WHERE code = 'south'",
        "DELETE FROM booking_desk.streams WHERE code = 'south'",
    ],
    ids=["closed", "of another course", "gone"],
)
async def test_a_stream_that_is_not_open_any_more_takes_nobody(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, change: str
) -> None:
    await make_booking(course_stream="south")
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows=f"Booking #{booking}")
    await anna.press("Move")
    await anna.sees("south")

    await sql.execute(change)
    answer = await anna.press("south")

    assert answer.show_alert
    assert "the stream is closed or gone" in (answer.text or "")
    assert (await booking_row(sql, booking))["course_stream"] == "north"
    assert await audit(sql) == []


async def test_a_welcome_that_leaves_after_a_move_names_the_new_stream(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    await make_booking(course_stream="south")
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")
    await anna.finds(f"/booking {booking}", "Welcome on hold")

    await anna.press("Move")
    await anna.sees("Move to which stream")
    await anna.press("south")
    await anna.sees("Moved to south by Anna")
    vera.start()
    await vera.hears("welcome!", "south")

    assert [text for text in heard_welcomes(vera) if "north" in text] == []


async def test_a_stream_to_move_to_says_how_many_are_confirmed_in_it(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    for n, confirmed in enumerate((2, 2, 1, -1)):
        await make_booking(confirmed=confirmed, course_stream="south", user_id=500 + n)
    await make_booking(confirmed=2, course_stream="south", course_id=2, user_id=600)
    await make_booking(confirmed=1, course_stream="west", user_id=700)
    await sql.execute(
        "UPDATE booking_desk.streams SET name = 'South, autumn' WHERE code = 'south'"
    )
    await anna.opens(f"/booking {booking}", shows="Pending")

    await anna.press("🔀 Move")

    await anna.sees("Move to which stream?", "South, autumn · 👤 2", "west · 👤 0")
