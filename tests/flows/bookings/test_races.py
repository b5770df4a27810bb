"""Several admins act on one booking, or one press is delivered several times."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_one_waits
from tests.support.school import MakeBooking

ADMINS = {100 + n: f"Admin {n}" for n in range(6)}


@pytest.fixture
async def admins(
    settings: Settings, telegram: Telegram, desk_bot: BotAccount
) -> AsyncIterator[list[Person]]:
    """Yield six admins of an open desk."""
    people = [
        Person(telegram, desk_bot, telegram.add_person(admin_id, name, language_code="en"))
        for admin_id, name in ADMINS.items()
    ]
    async with open_desk(settings.model_copy(update={"admin_ids": frozenset(ADMINS)})):
        yield people


async def recorded(sql: asyncpg.Connection) -> tuple[int, int, int]:
    """Count the revisions since the booking was made, the audit entries and the welcomes."""
    row = await sql.fetchrow(
        """
        SELECT (SELECT sum(revision - 1) FROM bookings),
               (SELECT count(*) FROM booking_desk.log),
               (SELECT count(*) FROM booking_desk.outbox WHERE kind = 'welcome')
        """
    )
    return tuple(row)


async def test_of_many_admins_who_confirm_at_once_one_does(
    admins: list[Person], vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    vera.start()
    for admin in admins:
        await admin.opens(f"/booking {booking}", shows="Pending")

    answers = await asyncio.gather(*(admin.press("Confirm") for admin in admins))
    await vera.hears("welcome!")

    [winner] = [n for n, answer in enumerate(answers) if not answer.show_alert]
    alerts = {answer.text for n, answer in enumerate(answers) if n != winner}
    at = await sql.fetchval("SELECT at FROM booking_desk.log")
    assert alerts == {
        f"Nothing was done: booking #{booking} was changed in the meantime. "
        f"Confirmed by Admin {winner}, {at:%-d %b %Y, %H:%M}."
    }
    assert await recorded(sql) == (1, 1, 1)
    assert len([text for text in vera.inbox if "welcome!" in text]) == 1


async def test_those_who_came_too_late_see_the_card_as_it_is(
    admins: list[Person], make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    first, second, *_ = admins
    for admin in (first, second):
        await admin.opens(f"/booking {booking}", shows="Pending")

    await first.cancels()
    await second.press("Confirm")

    await second.sees("🚫 Cancelled", "Cancelled by Admin 0", "Reopen and confirm")


async def test_confirming_and_cancelling_at_once_leaves_one_of_the_two(
    admins: list[Person], make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    for admin in admins:
        await admin.opens(f"/booking {booking}", shows="Pending")

    for admin in admins[1::2]:
        await admin.press("Cancel")
    labels = ["Confirm", "Yes, cancel it"] * (len(admins) // 2)
    answers = await asyncio.gather(
        *(admin.press(label) for admin, label in zip(admins, labels, strict=True))
    )

    [won] = [label for label, answer in zip(labels, answers, strict=True) if not answer.show_alert]
    assert await sql.fetchval("SELECT confirmed FROM bookings") == (2 if won == "Confirm" else -1)
    assert await recorded(sql) == (1, 1, 1 if won == "Confirm" else 0)


async def test_a_press_that_telegram_delivers_twice_acts_once(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")

    press = anna.tap("Confirm")
    press.redeliver()
    answer = await press.answered()
    await anna.opens(f"/booking {booking}", shows="Confirmed by Anna")

    assert not answer.show_alert
    assert await recorded(sql) == (1, 1, 1)


async def test_an_impatient_second_press_acts_once_and_is_no_alarm(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")

    presses = [anna.tap("Confirm") for _ in range(2)]
    answers = [await press.answered() for press in presses]

    assert [answer.show_alert for answer in answers] == [False, False]
    assert await recorded(sql) == (1, 1, 1)


async def test_a_press_from_an_old_card_is_not_taken_for_the_newest_decision(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    old = anna.screen
    await anna.press("Confirm")
    await sql.execute("UPDATE bookings SET confirmed = 1")
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")

    answer = await anna.press("Confirm", on=old)

    assert answer.show_alert
    assert "Nothing was done" in (answer.text or "")


async def test_the_other_button_of_an_old_card_is_refused(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")
    old = anna.screen
    await anna.cancels()

    answer = await anna.press("Confirm", on=old)

    assert answer.show_alert
    assert "Cancelled by Anna" in (answer.text or "")
    assert await sql.fetchval("SELECT confirmed FROM bookings") == -1


@pytest.mark.parametrize("label", ["Confirm", "Cancel", "Move"])
async def test_a_button_drawn_before_another_programs_change_does_nothing(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, label: str
) -> None:
    booking = await make_booking(confirmed=0)
    await anna.opens(f"/booking {booking}", shows="New")

    await sql.execute("UPDATE bookings SET confirmed = 1")
    answer = await anna.press(label)
    await anna.sees("⏳ Pending", "Set to Pending by another program")

    assert answer.show_alert
    changed = f"booking #{booking} was changed in the meantime. Set to Pending by another program"
    assert changed in (answer.text or "")
    assert await sql.fetchval("SELECT confirmed FROM bookings") == 1


async def test_the_questions_before_a_change_grow_stale_too(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=2)
    await make_booking(course_stream="south")
    for question, button in (("Cancel", "Yes, cancel it"), ("Move", "south")):
        await anna.opens(f"/booking {booking}", shows="Confirmed")
        await anna.press(question)
        await anna.sees(button)

        await sql.execute("UPDATE bookings SET first_name = $1", question)
        answer = await anna.press(button)

        assert answer.show_alert
        assert f"#{booking} was changed in the meantime" in (answer.text or "")
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.log") == 0


async def test_who_waits_for_another_program_that_waits_for_them_hears_that_the_desk_is_busy(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await sql.execute("INSERT INTO users (user_id) VALUES (13)")
    await anna.opens(f"/booking {booking}", shows="Pending")

    async with sql.transaction():
        # PostgreSQL ends the transaction whose `deadlock_timeout` is over first: the desk's.
        await sql.execute("SET LOCAL deadlock_timeout = '1min'")
        await sql.execute("UPDATE users SET first_name = 'Vera'")
        press = anna.tap("Confirm")
        await until_one_waits(sql)
        await sql.execute("UPDATE bookings SET referral_code = 'FRIEND10'")
    answer = await press.answered()

    assert answer.show_alert
    assert "Nothing is lost: please try again" in (answer.text or "")


async def test_a_booking_that_another_program_holds_concerns_nobody_else(
    admins: list[Person],
    telegram: Telegram,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()
    booking, other = await make_booking(), await make_booking(user_id=77)
    first, second, *_ = admins
    await second.opens(f"/booking {other}", shows="Pending")
    await first.opens(f"/booking {booking}", shows="Pending")
    waiting = """
        SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'
    """

    async with sql.transaction():
        await sql.execute("SELECT FROM bookings WHERE id = $1 FOR UPDATE", booking)
        presses = [first.tap("Confirm") for _ in range(12)]
        await until_one_waits(sql)
        began = time.monotonic()
        theirs = await second.press("Confirm")
        served = time.monotonic() - began
        held = await sql.fetchval(waiting)
        answers = [await press.answered(10) for press in presses]
        answered = time.monotonic() - began
    again = await first.press("Confirm")

    assert f"#{other} is confirmed" in (theirs.text or "")
    assert served < 1
    assert held == 1
    assert {"busy" in (answer.text or "") for answer in answers} == {True}
    assert answered < 8
    assert f"#{booking} is confirmed" in (again.text or "")
