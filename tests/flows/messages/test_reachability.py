"""The desk learns at once whether it may write to a student, shows it, and acts on it."""

import pytest
from asyncpg import Connection

from bot.settings import Settings
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking


@pytest.fixture
async def booking(desk: None, vera: Person, make_booking: MakeBooking) -> int:
    """Return a booking of Vera's, who has started the bot."""
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    return booking


async def test_a_block_is_known_before_anything_is_sent(
    anna: Person, vera: Person, booking: int
) -> None:
    vera.block()

    await anna.finds(f"/booking {booking}", "📵 The student has blocked the bot")
    await anna.opens("/pending", shows="📵 Vera")


async def test_a_student_who_comes_back_is_shown_as_reachable(
    anna: Person, vera: Person, booking: int
) -> None:
    vera.block()
    await anna.finds("/pending", "📵 Vera")

    vera.unblock()

    await anna.finds("/pending", "\nVera · ")
    await anna.opens(f"/booking {booking}", shows="Pending")
    assert "blocked" not in anna.screen.text


async def test_unblocking_the_bot_wakes_the_waiting_welcome_without_a_word(
    anna: Person, vera: Person, booking: int
) -> None:
    vera.block()
    await anna.finds("/pending", "📵 Vera")
    await anna.press_row(booking)
    await anna.sees("Booking #")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome", "the student has blocked the bot")

    vera.unblock()

    await vera.hears("welcome!", "north")


async def test_a_student_who_was_never_met_is_marked_once_that_is_known(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens("/pending", shows="\nVera · ")
    await anna.press_row(booking)
    await anna.sees("Booking #")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")

    await anna.finds("/bookings", f"✅🚪 #{booking}")
    await anna.press_row(booking)
    await anna.sees("📪 Welcome on hold: the student has never started the bot")
    vera.start()

    await vera.hears("welcome!")
    await anna.finds("/bookings", f"✅ #{booking}")


async def test_a_student_whose_return_went_unnoticed_is_written_to_all_the_same(
    settings: Settings, vera: Person, make_booking: MakeBooking, sql: Connection
) -> None:
    """The program or its database was down when the update came."""
    booking = await make_booking(confirmed=2)
    async with open_desk(settings):
        vera.start()
        await vera.hears("your bookings")
    await sql.execute(
        """
        INSERT INTO booking_desk.outbox
               (kind, key, booking_id, revision, chat_id, sender, state, reason, attempts,
                ended_at)
        VALUES ('welcome', 'welcome', $1, 2, $2, 'students', 'waiting', 'blocked', 1,
                now() - interval '16 minutes')
        """,
        booking,
        vera.id,
    )

    async with open_desk(settings):
        await vera.hears("welcome!")


async def test_one_token_named_twice_is_one_bot(
    settings: Settings, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    twice = {"student_bot_token": settings.bot_token}
    async with open_desk(settings.model_copy(update=twice)):
        vera.start()
        await vera.hears("your bookings")
        vera.block()
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await anna.hears("Vera didn't get the welcome", "the student has blocked the bot")

        vera.unblock()

        await vera.hears("welcome!", "north")
