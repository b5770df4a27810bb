"""An admin reads the page of a student."""

import asyncpg
import pytest

from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_the_page_tells_bookings_names_messages_and_decisions(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    first = await make_booking(first_name="Vera", username="vera_k", discount_percent=10)
    other = await make_booking(first_name="Верочка", course_id=2, confirmed=-1, discount_percent=5)
    vera.start()
    await vera.sees("these are your bookings")
    await anna.opens(f"/booking {first}", shows="Pending")
    await anna.press("Confirm")
    await anna.finds(f"/booking {first}", "Welcome delivered")

    await anna.press("The student")

    await anna.sees("Also known as: ", "Vera", "@vera_k", "Верочка")
    await anna.sees("The bot can write to them", "Uncancelled bookings with a discount: 1")
    await anna.sees(f"✅ #{first} · #1: north", f"🚫 #{other} · #2: north")
    await anna.sees(f"#{first} 💌 Welcome delivered", f"#{first} · Anna: confirmed · ⏳ → ✅")


async def test_every_booking_opens_from_the_page_and_the_way_back_leads_to_the_card(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    first, second = await make_booking(), await make_booking(course_id=2)
    await anna.opens(f"/booking {first}", shows="Pending")

    await anna.press("The student")
    await anna.press(f"#{second} ")
    await anna.sees(f"Booking #{second}")
    await anna.press("Back to the student")
    await anna.press("Back to the booking")

    await anna.sees(f"Booking #{first}", "Pending")


async def test_a_person_with_many_bookings_has_a_list_of_them_all(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    made = [await make_booking(course_id=n) for n in range(10)]
    await anna.opens(f"/booking {made[0]}", shows="Pending")

    await anna.press("The student")
    await anna.press("All bookings: 10")

    await anna.sees("10 bookings · page 1 of 2")


async def test_a_message_about_an_old_booking_is_on_the_page_of_a_person_with_many(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    oldest, *_ = [await make_booking(course_id=n) for n in range(10)]
    await anna.opens(f"/booking {oldest}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")
    await anna.finds(f"/booking {oldest}", "Welcome on hold")

    await anna.press("The student")

    await anna.sees(f"#{oldest} 📪 Welcome on hold")


@pytest.mark.parametrize(("n", "older"), [(8, False), (9, True)])
async def test_names_and_messages_beyond_the_eight_newest_are_not_passed_over_in_silence(
    desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    n: int,
    older: bool,
) -> None:
    vera.start()
    names = ["Vera", *(f"Vera {k}" for k in range(1, n))]
    made = [await make_booking(first_name=name) for name in names]
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await anna.finds(f"/booking {made[0]}", "Welcome delivered")

    await anna.press("The student")

    await anna.sees("Vera 8" if older else "Vera 7", "Decisions")
    assert ("Also known as, the newest: " in anna.screen.text) is older
    assert ("The newest messages" in anna.screen.text) is older


async def test_a_person_of_many_decisions_has_a_log_of_them_all(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    made = [await make_booking(course_id=n) for n in range(10)]
    others = await make_booking(user_id=99)
    await sql.execute("UPDATE bookings SET confirmed = 0")
    await anna.opens(f"/booking {made[-1]}", shows="New")

    await anna.press("The student")
    await anna.press("All decisions: 10")
    await anna.sees(f"Log of the student of booking #{made[-1]} · entries: 10 · page 1 of 2")
    await anna.press("Next")

    await anna.sees(*(f"#{each} · another program" for each in made[:2]), "page 2 of 2")
    assert f"#{others} " not in anna.screen.text
    await anna.press("‹ Back to the student")
    await anna.sees("All decisions: 10")


@pytest.mark.parametrize(
    ("status", "course", "warned"), [(1, 1, True), (2, 1, True), (-1, 1, False), (1, 2, False)]
)
async def test_another_active_booking_for_the_course_is_warned_of(
    desk: None,
    anna: Person,
    make_booking: MakeBooking,
    status: int,
    course: int,
    warned: bool,
) -> None:
    other = await make_booking(course_id=course, confirmed=status)
    booking = await make_booking(course_id=1)

    await anna.opens(f"/booking {booking}", shows="Pending")

    assert (f"another booking for this course: #{other}" in anna.screen.text) is warned


async def test_the_profile_is_a_button_only_where_it_opens_for_everybody(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    public = await make_booking(username="vera_k")
    hidden = await make_booking(user_id=99, username=None, first_name="a</b>")

    await anna.opens(f"/booking {public}", shows="Pending")
    await anna.press("The student")
    await anna.sees("Profile")
    assert anna.button("Profile").url == "https://t.me/vera_k"
    await anna.opens(f"/booking {hidden}", shows="Pending")
    await anna.press("The student")

    await anna.sees("a</b> · id 99")
    assert not [label for label in anna.buttons if "Profile" in label]


async def test_the_page_of_a_booking_that_is_gone_says_so(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await sql.execute("DELETE FROM bookings")

    answer = await anna.press("The student")

    assert f"There is no booking #{booking}" in (answer.text or "")
