"""An admin confirms, cancels or moves a booking."""

import asyncpg
import pytest

from bot.views.lists import Origin
from db.models.bookings import BookingAction
from keyboards.payloads.bookings import DecisionButton
from simulator import Telegram
from tests.flows.bookings.rows import audit, booking_row, heard_welcomes
from tests.support.person import Person
from tests.support.school import ANNA_ID, MakeBooking


async def welcomes(sql: asyncpg.Connection) -> list[tuple[str, str | None]]:
    rows = await sql.fetch(
        "SELECT state, reason FROM booking_desk.outbox WHERE kind = 'welcome' ORDER BY id"
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("code", "button"), [(0, "Confirm"), (1, "Confirm"), (-1, "Reopen and confirm")]
)
async def test_confirming_is_recorded_and_the_user_follows(
    desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    code: int,
    button: str,
) -> None:
    booking = await make_booking(confirmed=code)
    vera.start()
    await anna.opens(f"/booking {booking}", shows=f"Booking #{booking}")

    answer = await anna.press(button)
    await vera.hears("Vera, welcome!")
    await anna.sees("Confirmed", "Confirmed by Anna")

    assert answer.text == f"✅ Booking #{booking} is confirmed. The welcome is on its way."
    assert (await booking_row(sql, booking))["confirmed"] == 2
    assert await audit(sql) == [("confirm", ANNA_ID, "Anna", code, 2, "north", "north")]
    assert await sql.fetchval("SELECT course_stream FROM users WHERE user_id = 13") == "north"


async def test_the_card_shows_the_welcome_under_way_and_then_arrived(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()
    await anna.opens(f"/booking {booking}", shows="Pending")

    await anna.press("Confirm")
    await anna.sees("Welcome")
    await vera.hears("welcome!")

    await anna.finds(f"/booking {booking}", "💌 Welcome delivered")


@pytest.mark.parametrize("code", [0, 1])
async def test_cancelling_what_was_not_confirmed_takes_no_place_away(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, code: int
) -> None:
    booking = await make_booking(confirmed=code)
    await anna.opens(f"/booking {booking}", shows=f"Booking #{booking}")

    await anna.press("Cancel")
    await anna.sees("Cancel this booking?")
    question = anna.screen.text
    answer = await anna.press("Yes, cancel it")
    await anna.sees("Cancelled", "Cancelled by Anna")

    assert "loses the place" not in question
    assert answer.text == f"🚫 Booking #{booking} is cancelled."
    assert await audit(sql) == [("cancel", ANNA_ID, "Anna", code, -1, "north", "north")]
    assert await welcomes(sql) == []


async def test_cancelling_a_confirmed_booking_asks_first_and_names_the_consequence(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=2)
    await anna.opens(f"/booking {booking}", shows="Confirmed")

    await anna.press("Cancel")
    await anna.sees("Cancel a confirmed booking?", "The student loses the place")
    before = await booking_row(sql, booking)
    await anna.press("Yes, cancel it")
    await anna.sees("Cancelled by Anna")

    assert before["confirmed"] == 2
    assert (await booking_row(sql, booking))["confirmed"] == -1


async def test_an_admin_who_thinks_better_of_it_is_back_at_the_card(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=2)
    await anna.opens(f"/booking {booking}", shows="Confirmed")
    card = anna.screen.text

    await anna.press("Cancel")
    await anna.sees("Cancel a confirmed booking?")
    await anna.press("Back to the booking")
    await anna.sees("‹ All bookings")

    assert anna.screen.text == card
    assert await audit(sql) == []


async def test_a_welcome_that_has_not_left_is_withdrawn_by_a_cancellation(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")
    await anna.finds(f"/booking {booking}", "Welcome on hold")

    await anna.press("Cancel")
    await anna.sees("Cancel a confirmed booking?")
    await anna.press("Yes, cancel it")
    await anna.sees("Welcome withdrawn, ")

    assert await welcomes(sql) == [("withdrawn", "cancelled")]


async def test_a_reopened_booking_is_welcomed_anew(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, telegram: Telegram
) -> None:
    booking = await make_booking()
    vera.start()
    await anna.opens(f"/booking {booking}", shows="Pending")

    for label, shows in (
        ("Confirm", "Confirmed by Anna"),
        ("Cancel", "Cancel a confirmed booking?"),
        ("Yes, cancel it", "Cancelled by Anna"),
        ("Reopen and confirm", "Confirmed by Anna"),
    ):
        await anna.press(label)
        await anna.sees(shows)
        if label == "Confirm":
            await vera.hears("welcome!")

    await telegram.until(lambda: len(heard_welcomes(vera)) == 2)


async def test_a_cancelled_booking_waits_again_and_nobody_hears_of_it(
    desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking(confirmed=-1)
    await boris.opens(f"/booking {booking}", shows="Отменена")
    await anna.opens(f"/booking {booking}", shows="Cancelled")
    stale = anna.choice("✅ Reopen and confirm")

    answer = await boris.press("♻️ Вернуть в ожидание")

    assert answer.text == f"♻️ Заявка #{booking} снова ждёт решения."
    await boris.sees("Ждёт решения", "Возвращено в ожидание: Борис", "✅ Подтвердить")
    assert (await booking_row(sql, booking))["confirmed"] == 1
    assert await audit(sql) == [("reopen", boris.id, "Борис", -1, 1, "north", "north")]
    assert await welcomes(sql) == []
    refused = await anna.forge(stale).answered()
    assert "Reopened by Борис" in (refused.text or "")
    assert (await booking_row(sql, booking))["confirmed"] == 1


async def test_a_reopening_is_undone_and_logged(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=-1)
    await anna.opens(f"/booking {booking}", shows="Cancelled")
    await anna.press("♻️ Reopen, to decide later")
    await anna.sees("Pending", "You can undo until")

    await anna.press("↩️ Undo")

    await anna.sees("🚫 Cancelled", "♻️ Reopen, to decide later")
    assert (await booking_row(sql, booking))["confirmed"] == -1
    await anna.opens("/log", shows="♻️ reopened")
    await anna.forge(anna.choice("♻️")).answered()
    await anna.sees("entries: 1", f"♻️ Vera #{booking} · Anna")


@pytest.mark.parametrize("confirmed", [0, 1, 2, 7])
async def test_only_a_cancelled_booking_is_reopened(
    desk: None,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    confirmed: int,
) -> None:
    booking = await make_booking(confirmed=confirmed)
    await anna.opens(f"/booking {booking}", shows="Booking #")
    revision = (await booking_row(sql, booking))["revision"]
    payload = DecisionButton.of(
        Origin(), booking=booking, revision=revision, action=BookingAction.REOPEN
    )

    answer = await anna.forge(payload).answered()

    assert "does not allow this" in (answer.text or "")
    assert (await booking_row(sql, booking))["confirmed"] == confirmed
