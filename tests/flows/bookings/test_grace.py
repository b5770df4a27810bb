"""The grace: how long a decision can be undone, and when the student hears of it."""

from datetime import timedelta

import asyncpg

from bot.settings import Settings
from simulator import Delay, Telegram
from tests.support.desk import long_grace, short_grace
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import MakeBooking


async def test_a_student_who_asks_within_the_grace_reads_how_it_was_before(
    patient_desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    await make_booking(user_id=14, course_stream="south")
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("Confirmed")
    await anna.press("Move")
    await anna.press("south")
    await anna.sees("south", "You can undo until")

    vera.start()

    await vera.hears("north\nWe are checking the payment")


async def test_a_student_who_asks_after_the_grace_reads_how_it_is(
    settings: Settings, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    async with short_grace(settings):
        vera.start()
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await vera.hears("welcome!")

        vera.start()

        await vera.hears("Confirmed, see you there!")


async def test_a_welcome_leaves_when_the_grace_is_over_and_not_before(
    settings: Settings,
    telegram: Telegram,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    vera.start()

    async with short_grace(settings):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await vera.hears("welcome!")

    [sent] = [call for call in telegram.calls if "welcome!" in str(call.parameters.get("text"))]
    waited = sent.started - await sql.fetchval("SELECT at FROM booking_desk.audit")
    assert timedelta(seconds=1) <= waited < timedelta(seconds=3)


async def test_after_the_grace_the_admin_hears_what_to_do_and_what_stays(
    settings: Settings,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    vera.start()

    async with short_grace(settings):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await anna.sees("You can undo until")
        await vera.hears("welcome!")
        await until_true(sql, "SELECT state = 'sent' FROM booking_desk.outbox")
        answer = await anna.press("Undo")
        await anna.sees("The student has been told")

    assert answer.show_alert
    assert "It is too late to undo this" in (answer.text or "")
    assert "Cancel or move it instead" in (answer.text or "")
    assert not [label for label in anna.buttons if "Undo" in label]
    assert await sql.fetchval("SELECT confirmed FROM bookings") == 2


async def test_a_welcome_that_is_leaving_cannot_be_undone(
    patient_desk: None,
    telegram: Telegram,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """An undo during the send would leave a welcomed student without a confirmed booking."""
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.sees("Undo")
    telegram.faults.add(fault=Delay(0.5), method="sendMessage", chat_id=vera.id)

    await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    await sql.execute("NOTIFY booking_desk, 'outbox'")
    await telegram.until(lambda: telegram.calls[-1].parameters.get("chat_id") == vera.id)
    answer = await anna.press("Undo")
    await vera.hears("welcome!")

    assert "It is too late to undo this" in (answer.text or "")
    assert await sql.fetchval("SELECT confirmed FROM bookings") == 2


async def test_without_a_grace_nothing_can_be_undone(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=2)
    await make_booking(course_stream="south")
    await anna.opens(f"/booking {booking}", shows="Confirmed")
    await anna.press("Move")
    await anna.press("south")
    await anna.sees("The student was not told", "To change it, move the booking again")

    forged = (anna.button("Cancel").callback_data or "").replace("q1:", "d1:") + ":un"
    answer = await anna.forge(forged).answered()

    assert not [label for label in anna.buttons if "Undo" in label]
    assert "It is too late to undo this" in (answer.text or "")
    assert await sql.fetchval("SELECT course_stream FROM bookings ORDER BY id LIMIT 1") == "south"


async def test_a_restart_within_the_grace_changes_nothing_of_it(
    settings: Settings, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    undone, kept = await make_booking(), await make_booking(course_stream="south")
    vera.start()
    async with long_grace(settings):
        for booking in (kept, undone):
            await anna.opens(f"/booking {booking}", shows="Pending")
            await anna.press("Confirm")
            await anna.sees("You can undo until")

    async with long_grace(settings):
        await anna.press("Undo")
        await anna.sees("Pending", "Undone by Anna")
        await anna.opens(f"/booking {kept}", shows="You can undo until")

    assert [text for text in vera.inbox if "welcome!" in text] == []


async def test_a_welcome_owed_before_a_restart_leaves_after_it(
    settings: Settings, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()
    async with short_grace(settings):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")

    async with short_grace(settings):
        await vera.hears("welcome!")
        await anna.finds(f"/booking {booking}", "Welcome delivered")

    assert len([text for text in vera.inbox if "welcome!" in text]) == 1
