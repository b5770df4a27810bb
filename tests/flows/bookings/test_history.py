"""An admin reads the log, and the explanation of a booking's state."""

import asyncpg
import pytest

from bot.settings import Settings
from simulator import Refuse, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_counted
from tests.support.school import MakeBooking

NOTICES = "SELECT count(*) FROM booking_desk.outbox WHERE kind = 'unreached'"


async def test_the_log_tells_who_did_what_and_opens_the_booking(
    desk: None, anna: Person, boris: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.start()
    first, second = await make_booking(), await make_booking()
    await anna.opens(f"/booking {first}", shows="Pending")
    await anna.press("Confirm")
    await boris.opens(f"/booking {second}", shows="Ждёт решения")
    await boris.cancels()

    await anna.opens("/log", shows="entries: 2")

    assert anna.rows[0].startswith(f"🚫 Vera #{second} · Борис")
    assert "Vera" not in anna.screen.text
    await anna.press(f"✅ Vera #{first} · Anna")
    await anna.sees(f"Booking #{first}")
    await anna.opens(f"/log {first}", shows=f"#{first} · Anna: confirmed · ⏳ → ✅")


async def test_the_log_is_narrowed_by_action_admin_and_booking_and_widened_again(
    desk: None, anna: Person, boris: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.start()
    first, second = await make_booking(), await make_booking()
    for booking in (first, second):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
    await boris.opens(f"/booking {first}", shows="Подтверждена")
    await boris.cancels()

    await anna.opens(f"/log {first}", shows=f"Log of booking #{first} · entries: 2")
    await anna.opens("/log", shows="entries: 3")
    await anna.forge(anna.choice("Борис"), on=anna.screen).answered()
    await anna.sees("entries: 1", "✓ Борис")
    await anna.forge(anna.choice("✓ Борис"), on=anna.screen).answered()
    await anna.sees("entries: 3")
    await anna.forge(anna.choice("✅"), on=anna.screen).answered()
    await anna.sees("entries: 2", "✓ ✅")
    await anna.press(f"✅ Vera #{second}")
    await anna.press("Cancel")
    await anna.press("‹ Back to the booking")
    await anna.press("‹ Back to the log")
    await anna.sees("entries: 2", "✓ ✅")
    await anna.forge(anna.choice("🗑"), on=anna.screen).answered()
    await anna.sees("Nothing here")
    await anna.press("Clear all")
    await anna.sees("entries: 3")


async def test_every_admin_can_be_chosen_in_the_log(
    settings: Settings, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    admins = {anna.id, *range(101, 113)}
    for number, admin in enumerate(sorted(admins), start=2):
        await sql.execute(
            """
            INSERT INTO booking_desk.audit (booking_id, revision, action, actor_id, actor_name)
            VALUES ($1, $2, 'confirm', $3, $4)
            """,
            await make_booking(),
            number,
            admin,
            f"Admin {admin}",
        )

    async with open_desk(settings.model_copy(update={"admin_ids": frozenset(admins)})):
        await anna.opens("/log", shows="entries: 13")
        await anna.choose("Admin 112")
        await anna.sees("entries: 1", "✓ Admin 112")


async def test_what_other_programs_change_is_in_the_log_as_outside(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()

    await sql.execute("UPDATE bookings SET course_stream = 'south' WHERE id = $1", booking)

    await anna.opens("/log", shows=f"🌐⏳ Vera #{booking} · ")
    await anna.opens(f"/log {booking}", shows="another program: changed · north → south")


async def test_courses_and_streams_are_called_by_their_names(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await sql.execute("UPDATE bookings SET course_stream = 'south' WHERE id = $1", booking)
    await sql.execute("UPDATE booking_desk.streams SET name = 'The ' || code")

    await anna.opens(f"/log {booking}", shows="another program: changed · The north → The south")
    await anna.opens(f"/booking {booking}", shows="Moved to The south by another program")
    await anna.press("The student")
    await anna.sees("another program: changed · The north → The south")
    await anna.press("Back to the booking")
    await anna.press("Why?")
    await anna.sees("Moved from The north to The south by another program")


async def test_another_course_is_a_step_as_well(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(course_id=1)
    await sql.execute("INSERT INTO courses (course_id, course_name) VALUES (2, 'Design')")
    await sql.execute("UPDATE bookings SET course_id = 2 WHERE id = $1", booking)
    await sql.execute("UPDATE booking_desk.courses SET name = 'Design' WHERE course_id = 2")

    await anna.opens(
        f"/log {booking}", shows="another program: changed · #1: north → Design: north"
    )
    await anna.opens(f"/booking {booking}", shows="Moved to Design: north by another program")
    await anna.press("Why?")
    await anna.sees("Moved from #1: north to Design: north by another program")


async def test_from_one_unknown_status_to_another_is_no_move(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=5)
    await sql.execute("UPDATE bookings SET confirmed = 7 WHERE id = $1", booking)

    await anna.opens(f"/booking {booking}", shows="⚖️ Changed by another program")


async def test_an_empty_log_says_what_will_be_there(desk: None, anna: Person) -> None:
    await anna.opens("/log", shows="Every decision about a booking appears here")
    await anna.opens("/log abc", shows="Which booking?")
    await anna.opens("/log 99999999999999999999", shows="There is no booking #999999999999999999…")


async def test_why_explains_a_welcome_that_waits(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    anna.start()
    await anna.sees("Booking desk")
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")
    # The notice arrives before its mark is written.
    await until_counted(sql, f"{NOTICES} AND state = 'sent'", 1)

    await anna.finds(f"/booking {booking}", "Welcome on hold")
    await anna.press("Why?")

    await anna.sees("Booked: ", "Confirmed by Anna, ", "Welcome on hold", "no chat")
    await anna.sees("The link to the bot was given to: Anna")
    await anna.press("History")
    await anna.sees(f"Log of booking #{booking}", "entries: 1")
    await anna.press("‹ Back")
    await anna.sees("The link to the bot was given to: Anna")


async def test_why_names_who_was_told_of_the_newest_welcome_and_each_once(
    desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    anna.start()
    boris.start()
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")
    await sql.execute("UPDATE bookings SET confirmed = 1")
    await boris.opens(f"/booking {booking}", shows="Ждёт решения")
    await boris.press("Подтвердить")
    await boris.hears("Vera: приветствие не дошло")
    # The notice arrives before its mark is written.
    await until_counted(sql, f"{NOTICES} AND state = 'sent'", 2)

    await boris.finds(f"/booking {booking}", "Приветствие отложено")
    await boris.press("Почему?")

    await boris.sees("Ссылку на бота получили")
    assert boris.screen.text.splitlines()[-1] == "🔗 Ссылку на бота получили: Борис"


async def test_why_speaks_of_a_link_only_where_one_was_given(
    desk: None,
    telegram: Telegram,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    anna.start()
    vera.start()
    await vera.hears("Vera, you have no bookings")
    refusal = Refuse(403, "Forbidden: user is deactivated")
    telegram.faults.add(method="sendMessage", chat_id=vera.id, times=1, fault=refusal)
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome", "account is deleted")

    word = f"{NOTICES} AND state = 'sent'"
    await until_counted(sql, word, 1)
    await anna.opens(f"/booking {booking}", shows="Welcome could not be sent")
    await anna.press("Why?")

    await anna.sees("Alerted that the student was out of reach: Anna")
    assert "link" not in anna.screen.text


async def test_why_tells_what_came_with_the_booking_and_what_was_moved_outside(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(created_at=None)
    await sql.execute("UPDATE bookings SET course_stream = 'south' WHERE id = $1", booking)

    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Why?")

    await anna.sees("it came with this status", "Moved from north to south by another program")
    await anna.press("Back to the booking")
    await anna.sees(f"Booking #{booking}", "Confirm")


@pytest.mark.parametrize(
    ("confirmed", "why"),
    [
        (1, "No welcome yet: it goes out when the booking is confirmed"),
        (0, "No welcome yet: it goes out when the booking is confirmed"),
        (2, "No welcome was sent: the booking came confirmed"),
        (-1, "No welcome is owed: the booking is cancelled"),
    ],
)
async def test_why_says_why_there_is_no_welcome(
    desk: None, anna: Person, make_booking: MakeBooking, confirmed: int, why: str
) -> None:
    booking = await make_booking(confirmed=confirmed)

    await anna.opens(f"/booking {booking}", shows=f"#{booking}")
    await anna.press("Why?")

    await anna.sees(why)
