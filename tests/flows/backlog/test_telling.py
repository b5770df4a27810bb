"""A review and a bulk tell the students of cancellations and moves, too."""

from datetime import timedelta

import asyncpg

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.flows.backlog.lists import make_waiting, rehearsed, statuses
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_a_review_asks_and_tells_too_and_goes_on(
    settings: Settings, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    async with open_desk(settings.model_copy(update={"tell_students": True})):
        vera.start()
        await vera.hears("Vera")
        await make_booking()
        await make_booking(first_name="Petr", user_id=15)
        await anna.opens("/review", shows="Vera")

        await anna.press("Cancel")
        await anna.sees("The student will read:")
        await anna.press("‹ Back to the booking")
        await anna.sees("2 waiting")
        await anna.press("Cancel")
        await anna.sees("Yes, cancel it")
        await anna.replies("no receipt", shows="💬 no receipt")
        await anna.press("Yes, cancel it")

        await anna.sees("1 waiting", "Petr")
        await vera.hears("has been cancelled.\n\n💬 no receipt")


async def test_a_bulk_tells_its_students_once_unless_its_switch_is_off(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    students = [
        Person(telegram, desk_bot, telegram.add_person(900 + n, f"Student{n}", language_code=code))
        for n, code in enumerate(("en", "ru"))
    ]
    await make_waiting(make_booking, 2)
    await make_booking(course_stream="south", first_name="There", user_id=77, confirmed=2)
    async with open_desk(settings.model_copy(update={"tell_students": True})):
        for student in students:
            student.start()
            await student.hears("Student")
        await rehearsed(anna, "/pending course:1", "🔀 south")
        await anna.sees("Each student will read", "✓ Tell the students")
        await anna.press("✓ Tell the students")
        await anna.sees("The students will not be told.")
        await anna.press("🔀 Move 2")
        await anna.sees("Done: 2 bookings", "The students are not told")
        assert await sql.fetchval("SELECT count(*) FROM booking_desk.outbox") == 0
        await rehearsed(anna, "/pending", "🚫 Cancel all")
        await anna.sees("Each student will read")
        await anna.press("🚫 Cancel 2")
        await anna.sees("Done: 2 bookings", "the students hear nothing before then")
        waits = await sql.fetchval("SELECT min(due_at) - now() FROM booking_desk.outbox")
        await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
        await sql.execute("NOTIFY booking_desk, 'outbox'")
        await students[0].hears("your booking for #1, south, has been cancelled.")
        await students[1].hears("ваша заявка на #1, south, отменена.")

    assert timedelta(seconds=30) < waits <= timedelta(minutes=1)
    assert [len(student.inbox) for student in students] == [2, 2]


async def test_an_undone_bulk_tells_nobody(
    settings: Settings, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_waiting(make_booking, 3)
    async with open_desk(settings.model_copy(update={"tell_students": True})):
        await rehearsed(anna, "/pending", "🚫 Cancel all")
        await anna.press("🚫 Cancel 3")
        await anna.sees("Done: 3 bookings")
        await anna.press("Undo all 3")
        await anna.sees("Taken back: 3 bookings")

    rows = await sql.fetch("SELECT kind, state, reason FROM booking_desk.outbox")
    assert [tuple(row) for row in rows] == [("cancelled", "withdrawn", "undone")] * 3
    assert await statuses(sql) == [1, 1, 1]
