"""An undone decision leaves everything as it was before."""

from datetime import timedelta

import asyncpg

from bot.settings import Settings
from simulator import BotAccount, ChatMessage, Telegram
from tests.support.desk import short_grace
from tests.support.person import Person
from tests.support.school import VERA_ID, MakeBooking


async def test_an_undone_confirmation_leaves_everything_as_it_was(
    patient_desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    await sql.execute("INSERT INTO users VALUES ($1, 'vera', 'Vera', 'south')", vera.id)

    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("Confirmed", "You can undo until")
    await anna.press("Undo")
    await anna.sees("Pending", "Undone by Anna", "withdrawn")

    assert await sql.fetchval("SELECT confirmed FROM bookings") == 1
    assert await sql.fetchval("SELECT course_stream FROM users") == "south"
    assert await sql.fetchval("SELECT state FROM booking_desk.outbox") == "withdrawn"
    actions = await sql.fetch("SELECT action FROM booking_desk.log ORDER BY id")
    assert [row["action"] for row in actions] == ["confirm", "undo"]
    assert "Undo" not in " ".join(anna.buttons)


async def test_a_student_never_hears_of_a_decision_that_was_undone(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    account = telegram.add_person(14, "Olga", language_code="en")
    olga = Person(telegram, desk_bot, account)
    undone, later = await make_booking(), await make_booking(user_id=olga.id)
    vera.start()
    olga.start()

    async with short_grace(settings):
        await anna.opens(f"/booking {undone}", shows="Pending")
        await anna.press("Confirm")
        await anna.press("Undo")
        await anna.opens(f"/booking {later}", shows="Pending")
        await anna.press("Confirm")
        await olga.hears("welcome!")

    assert [text for text in vera.inbox if "welcome!" in text] == []


async def test_an_undone_cancellation_gives_the_student_the_welcome_back(
    patient_desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    vera.start()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("Confirmed by Anna")
    await anna.cancels()
    await anna.sees("Welcome withdrawn")

    await anna.press("Undo")
    await anna.sees("Confirmed", "Undone by Anna")
    leaves_in = await sql.fetchval("SELECT due_at - now() FROM booking_desk.outbox")
    await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    await sql.execute("NOTIFY booking_desk, 'outbox'")
    await vera.hears("welcome!")

    assert leaves_in > timedelta(seconds=590)
    assert await sql.fetchval("SELECT confirmed FROM bookings") == 2


async def test_an_undone_move_leads_back(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking(course_stream="south")
    booking = await make_booking(confirmed=2)
    await sql.execute("INSERT INTO users VALUES ($1, 'vera', 'Vera', 'west')", VERA_ID)
    await anna.opens(f"/booking {booking}", shows="Confirmed")
    await anna.press("Move")
    await anna.press("south")
    await anna.sees("Moved to south by Anna")

    answer = await anna.press("Undo")
    await anna.sees("north", "Undone by Anna")

    row = await sql.fetchrow("SELECT * FROM bookings WHERE id = $1", booking)
    assert (row["course_stream"], row["confirmed"]) == ("north", 2)
    assert await sql.fetchval("SELECT course_stream FROM users") == "west"
    assert answer.text == f"↩️ Booking #{booking} is as it was before."


async def test_another_admin_may_undo_and_is_named(
    patient_desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")

    await boris.opens(f"/booking {booking}", shows="Заявка")
    await boris.press("Вернуть как было")
    await anna.opens(f"/booking {booking}", shows="Undone by Борис")

    actors = await sql.fetch("SELECT actor_id FROM booking_desk.log ORDER BY id")
    assert [row["actor_id"] for row in actors] == [anna.id, boris.id]


async def test_an_undo_that_telegram_delivers_twice_undoes_once(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("Undo")

    press = anna.tap("Undo")
    press.redeliver()
    answer = await press.answered()
    await anna.opens(f"/booking {booking}", shows="Undone by Anna")

    assert not answer.show_alert
    actions = await sql.fetch("SELECT action FROM booking_desk.log ORDER BY id")
    assert [row["action"] for row in actions] == ["confirm", "undo"]


async def test_an_undo_of_an_older_decision_does_nothing(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("Undo")
    confirmed = anna.screen
    await anna.cancels()

    answer = await anna.press("Undo", on=confirmed)

    assert answer.show_alert
    assert await sql.fetchval("SELECT confirmed FROM bookings") == -1


async def test_a_confirmation_whose_welcome_was_withdrawn_by_hand_can_be_undone(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await settle_welcome(anna, booking, "Withdraw")

    await anna.opens(f"/booking {booking}", shows="Confirmed")
    await anna.press("Undo")
    await anna.sees("Pending", "Undone by Anna")

    assert await sql.fetchval("SELECT confirmed FROM bookings") == 1


async def test_what_a_student_was_told_by_hand_cannot_be_undone(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    confirmed = await settle_welcome(anna, booking, "I told them")

    answer = await anna.press("Undo", on=confirmed)
    await anna.opens(f"/booking {booking}", shows="Confirmed")

    assert "It is too late to undo this" in (answer.text or "")
    assert not [label for label in anna.buttons if "Undo" in label]
    assert await sql.fetchval("SELECT confirmed FROM bookings") == 2


async def settle_welcome(anna: Person, booking: int, label: str) -> ChatMessage:
    """Confirm the booking, settle its welcome before it is sent; return the card before that."""
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("You can undo until")
    confirmed = anna.screen
    await anna.opens("/outbox", shows="Not delivered")
    await anna.press("on the way")
    await anna.press(f"#{booking}")
    await anna.press(label)
    await anna.sees("an admin ")
    return confirmed


async def test_an_undo_leaves_what_another_program_has_written_about_the_person(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("Undo")
    await sql.execute("UPDATE users SET course_stream = 'west'")

    await anna.press("Undo")
    await anna.sees("Pending")

    assert await sql.fetchval("SELECT course_stream FROM users") == "west"
