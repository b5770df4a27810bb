"""Cards and notices that nobody touches stay true."""

import asyncpg
import pytest

from bot.services.upkeep import UpkeepService
from bot.settings import Settings
from db.database import Database
from simulator import BotAccount, Delay, ServerError, Telegram, TooManyRequests
from tests.support.desk import open_desk, short_grace
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import ANNA_ID, BORIS_ID, MakeBooking

NOTED = "SELECT count(*) = {} FROM booking_desk.copies"
SETTLED = "SELECT bool_and(due_at IS NULL AND leased_until IS NULL) FROM booking_desk.copies"


async def until_noted(sql: asyncpg.Connection, copies: int) -> None:
    """Wait until the desk has noted so many messages that show a booking."""
    await until_true(sql, NOTED.format(copies))


async def test_a_card_loses_its_undo_with_the_grace_and_says_that_the_welcome_arrived(
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
        await anna.sees("Undo", "Welcome goes out at")

        await anna.sees("Welcome delivered")

        assert not [label for label in anna.buttons if "Undo" in label]
        await until_true(sql, SETTLED)


async def test_every_copy_of_a_card_follows_a_decision_in_its_readers_language(
    desk: None,
    anna: Person,
    boris: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()
    booking = await make_booking()
    await boris.opens(f"/booking {booking}", shows="Ждёт решения")
    await anna.opens(f"/booking {booking}", shows="Pending")
    await until_noted(sql, 2)

    await anna.cancels()

    await boris.sees("Отменена", "Anna")
    await boris.press("Вернуть")
    await anna.sees("Confirmed by Борис")


async def test_a_card_follows_a_reminder_and_what_takes_it_back(
    patient_desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking(confirmed=0)
    await boris.opens(f"/booking {booking}", shows="Новая")
    await anna.opens(f"/booking {booking}", shows="New")
    await until_noted(sql, 2)

    await anna.press("⏰ Remind")

    await boris.sees("Напоминание уйдёт")
    await anna.press("Take the reminder back")
    await boris.sees("Напоминание отозвано")


async def test_a_card_follows_what_another_program_does(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await until_noted(sql, 1)

    await sql.execute("UPDATE bookings SET confirmed = -1 WHERE id = $1", booking)

    await anna.sees("Cancelled")


async def test_what_has_changed_before_the_card_was_noted_is_drawn_as_well(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    async with sql.transaction():
        await sql.execute("LOCK booking_desk.copies IN ACCESS EXCLUSIVE MODE")
        await anna.opens(f"/booking {booking}", shows="Pending")
        await sql.execute("UPDATE bookings SET confirmed = -1 WHERE id = $1", booking)

    await anna.sees("Cancelled")


async def test_no_card_is_drawn_over_the_screen_that_was_opened_instead(
    desk: None,
    telegram: Telegram,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    for admin in (anna, boris):
        await admin.opens(f"/booking {booking}", shows="#")
    await until_noted(sql, 2)
    telegram.faults.add(fault=Delay(0.5), method="editMessageText", chat_id=ANNA_ID)
    await boris.cancels()
    # Anna's card is being drawn again while she goes back to the list.
    await until_true(
        sql,
        "SELECT count(*) > 0 FROM booking_desk.copies WHERE chat_id = 11"
        " AND leased_until IS NOT NULL",
    )

    await anna.press("All bookings")

    await anna.sees("Newest first")
    await until_noted(sql, 1)
    edits = [
        call
        for call in telegram.calls
        if call.method == "editMessageText" and call.parameters["chat_id"] == ANNA_ID
    ]
    assert "Cancelled" in edits[0].parameters["text"]
    assert "Newest first" in edits[1].parameters["text"]
    assert len(edits) == 2


async def test_a_card_that_was_deleted_is_forgotten(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await until_noted(sql, 1)
    anna.delete(anna.screen)

    await sql.execute("UPDATE bookings SET confirmed = -1 WHERE id = $1", booking)

    await until_noted(sql, 0)


@pytest.mark.parametrize("fault", [TooManyRequests(1), ServerError()])
async def test_a_card_that_telegram_does_not_take_now_is_drawn_later(
    desk: None,
    telegram: Telegram,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    fault: TooManyRequests | ServerError,
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await until_noted(sql, 1)
    telegram.faults.add(fault=fault, method="editMessageText", chat_id=ANNA_ID)
    await sql.execute("UPDATE bookings SET confirmed = -1 WHERE id = $1", booking)
    await telegram.until(lambda: any(call.status in {500, 429} for call in telegram.calls))

    await sql.execute(
        """
        UPDATE booking_desk.copies SET due_at = now(), leased_until = NULL;
        NOTIFY booking_desk, 'copies'
        """
    )

    await anna.sees("Cancelled")


async def test_a_long_pause_of_telegram_is_kept(
    desk: None,
    telegram: Telegram,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await until_noted(sql, 1)
    telegram.faults.add(fault=TooManyRequests(600), method="editMessageText", chat_id=ANNA_ID)

    await sql.execute("UPDATE bookings SET confirmed = -1 WHERE id = $1", booking)

    await until_true(
        sql,
        "SELECT count(*) = 1 FROM booking_desk.copies"
        " WHERE due_at > now() + interval '500 seconds' AND leased_until IS NULL",
    )


async def test_the_undo_of_what_no_student_hears_of_ends_with_the_grace(
    settings: Settings, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    async with short_grace(settings):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.cancels()
        await anna.sees("Undo", "Cancelled by Anna")
        await until_noted(sql, 1)

        await until_true(sql, SETTLED)

        assert not [label for label in anna.buttons if "Undo" in label]


async def test_a_former_admin_is_shown_nothing_more(
    settings: Settings,
    telegram: Telegram,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    booking = await make_booking()
    async with open_desk(settings):
        await boris.opens(f"/booking {booking}", shows="Ждёт решения")
        await until_noted(sql, 1)
    async with open_desk(settings.model_copy(update={"admin_ids": {ANNA_ID}})):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.cancels()
        await until_true(
            sql, f"SELECT count(*) = 0 FROM booking_desk.copies WHERE chat_id = {BORIS_ID}"
        )

    await boris.sees("Ждёт решения")


async def test_the_notices_about_a_student_say_when_the_welcome_has_arrived(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    boris: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    staff = telegram.add_group(-1_000_000_000_500, "Staff", [anna.account, boris.account])
    staff.add(desk_bot)
    booking = await make_booking()
    async with open_desk(settings.model_copy(update={"staff_chat_id": staff.id})):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await anna.hears("didn't get the welcome")
        await until_true(
            sql, "SELECT count(*) = 2 FROM booking_desk.copies WHERE notice_id IS NOT NULL"
        )

        vera.start()

        await anna.hears("Vera got the welcome after all")
        await telegram.until(
            lambda: any(
                "got the welcome after all" in message.text
                for message in boris.account.chat(staff)
            )
        )
        assert not [text for text in anna.inbox if "didn't get the welcome" in text]


async def test_a_notice_says_that_somebody_else_has_told_the_student(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("didn't get the welcome")
    await until_true(
        sql, "SELECT count(*) = 1 FROM booking_desk.copies WHERE notice_id IS NOT NULL"
    )
    await anna.opens("/outbox", shows="on hold")
    await anna.press("on hold")
    await anna.press(f"#{booking}")
    await anna.press("I told them")

    await anna.hears("nothing left to do", "told the student directly")


async def test_the_card_of_a_booking_that_another_program_deletes_says_that_it_is_gone(
    desk: None,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    db: Database,
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await until_noted(sql, 1)

    await sql.execute("DELETE FROM bookings WHERE id = $1", booking)
    await UpkeepService(db).run()

    await anna.sees(f"Booking #{booking}", "is gone")
    assert anna.buttons == ["‹ All bookings"]
    await until_noted(sql, 0)
