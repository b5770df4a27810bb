"""An admin decides all bookings of a list at once."""

from datetime import timedelta

import asyncpg
import pytest

from bot.settings import Settings
from simulator import Telegram
from tests.flows.backlog.lists import make_waiting, rehearsed, statuses
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_one_waits, until_true
from tests.support.school import MakeBooking

STATES = "SELECT state FROM booking_desk.bulks"


async def test_a_rehearsal_changes_nothing_and_says_whom_it_concerns(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_waiting(make_booking, 3)
    await make_booking(confirmed=2, first_name="Done", user_id=77)

    await rehearsed(anna, "/bookings course:1", "✅ Confirm all")

    await anna.sees("This affects 3 bookings", "1 stays as it is", "✅ #4 Done", "✅ Confirm 3")
    assert await statuses(sql) == [1, 1, 1, 2]


async def test_whom_it_concerns_and_who_stays_are_lists_that_cards_lead_back_to(
    patient_desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_waiting(make_booking, 11)
    await make_booking(confirmed=2, first_name="Done", user_id=77)
    await rehearsed(anna, "/bookings course:1", "✅ Confirm all")

    await anna.press("👤 11 affected")
    await anna.sees("This affects 11 bookings", "Student10", "Next ›")
    await anna.press("Next ›")
    await anna.sees("Student0", "‹ Prev")
    await anna.press("Student0")
    await anna.sees("Booking #1")
    await anna.press("‹ Back to the list")
    await anna.sees("This affects 11 bookings", "Student0", "‹ Prev")
    await anna.press("‹ Back")
    await anna.press("1 as they are")

    await anna.sees("1 stays as it is", "✅ #12 Done")


async def test_all_are_confirmed_and_nobody_hears_of_it_before_the_undo_is_over(
    desk: None,
    telegram: Telegram,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await make_waiting(make_booking, 12)
    await rehearsed(anna, "/pending", "✅ Confirm all")

    await anna.press("✅ Confirm 12")
    await anna.sees("✅ Done: 12 bookings", "Until", "Undo all 12")

    assert await statuses(sql) == [2] * 12
    due = await sql.fetch("SELECT state, due_at - now() AS left FROM booking_desk.outbox")
    assert len(due) == 12
    assert all(row["state"] == "queued" for row in due)
    assert all(timedelta(seconds=40) < row["left"] <= timedelta(seconds=60) for row in due)


async def test_the_messages_leave_when_the_undo_is_over(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    vera.start()
    await make_booking(user_id=vera.id)
    await rehearsed(anna, "/pending", "✅ Confirm all")
    await anna.press("✅ Confirm 1")
    await anna.sees("Done: 1 booking")

    await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    await sql.execute("SELECT pg_notify('booking_desk', 'outbox')")
    await vera.hears("Vera")

    await sql.execute("UPDATE booking_desk.bulks SET undo_until = now()")
    answer = await anna.press("Undo all")
    assert answer.show_alert
    assert await statuses(sql) == [2]


async def test_one_undo_takes_back_all_but_what_somebody_changed_since(
    desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await make_waiting(make_booking, 5)
    await rehearsed(anna, "/pending", "✅ Confirm all")
    await anna.press("✅ Confirm 5")
    await anna.sees("Done: 5 bookings")
    await boris.opens("/booking 2", shows="Student1")
    await boris.cancels()
    await boris.sees("Отменена")

    await anna.press("Undo all 5")
    await anna.sees("Taken back: 4 bookings", "1 stays as it is", "🚫 #2 Student1", "Борис")

    assert await statuses(sql) == [1, -1, 1, 1, 1]
    states = [row[0] for row in await sql.fetch("SELECT state FROM booking_desk.outbox")]
    assert states == ["withdrawn"] * 5


async def test_what_a_colleague_changed_after_the_rehearsal_is_left_alone_and_named(
    desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await make_waiting(make_booking, 4)
    await rehearsed(anna, "/pending", "🚫 Cancel all")
    await anna.sees("🚫 Cancel 4")
    await boris.opens("/booking 3", shows="Student2")
    await boris.press("Подтвердить")
    await boris.sees("Подтверждена")
    await sql.execute("DELETE FROM bookings WHERE id = 1")

    await anna.press("🚫 Cancel 4")
    await anna.sees("The students are not told")
    await anna.sees("Done: 2 bookings", "2 stay as they are", "#3 Student2 · ", "Борис", "🗑 #1")

    assert await statuses(sql) == [-1, 2, -1]


async def test_all_are_moved_to_a_stream_of_their_course(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_waiting(make_booking, 3)
    await make_booking(course_stream="south", first_name="There", user_id=77)
    await anna.opens("/pending", shows="4 bookings")
    await anna.press("📦 All…")
    await anna.sees("filter the list by course first")

    await rehearsed(anna, "/pending course:1", "🔀 south")
    await anna.sees("This affects 3 bookings", "#4 There")
    await anna.press("🔀 Move 3")
    await anna.sees("Done: 3 bookings")

    streams = await sql.fetch("SELECT DISTINCT course_stream FROM bookings")
    assert [row[0] for row in streams] == ["south"]


async def test_a_bulk_that_was_interrupted_goes_on_and_carries_out_each_row_once(
    settings: Settings, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_waiting(make_booking, 8)
    async with open_desk(settings):
        await rehearsed(anna, "/pending", "✅ Confirm all")
        await anna.sees("✅ Confirm 8")
        async with sql.transaction():
            await sql.execute("SELECT FROM bookings WHERE id = 5 FOR UPDATE")
            await anna.press("✅ Confirm 8")
            await until_true(
                sql, "SELECT count(*) = 4 FROM booking_desk.bulk_items WHERE result = 'done'"
            )
    async with open_desk(settings):
        await anna.sees("Done: 8 bookings")

    assert await statuses(sql) == [2] * 8
    audit = await sql.fetchval("SELECT count(*) FROM booking_desk.audit WHERE action = 'confirm'")
    assert audit == 8


async def test_a_stop_leaves_the_rest_untouched_and_can_be_undone(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_waiting(make_booking, 6)
    await rehearsed(anna, "/pending", "✅ Confirm all")
    await anna.sees("✅ Confirm 6")
    async with sql.transaction():
        # The bulk waits for the third booking while it is stopped.
        await sql.execute("SELECT FROM bookings WHERE id = 3 FOR UPDATE")
        await anna.press("✅ Confirm 6")
        await until_one_waits(sql)
        await anna.press("⏹ Stop")
        await anna.sees("Stopped after 2 bookings", "4 were not touched", "Undo all 2")
    assert await statuses(sql) == [2, 2, 1, 1, 1, 1]

    await anna.press("Undo all 2")
    await anna.sees("Taken back: 2 bookings")

    assert await statuses(sql) == [1] * 6


async def test_who_is_no_admin_any_more_stops_their_bulk(
    settings: Settings,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await make_waiting(make_booking, 3)
    async with open_desk(settings):
        await boris.opens("/pending", shows="Student0")
        await boris.press("📦 Все…")
        await boris.press("✅ Подтвердить")
        await boris.sees("Подтвердить: 3")
        data = boris.choice("✅ Подтвердить: 3")
        await anna.opens("/help", shows="desk")
        answer = await anna.forge(data).answered()
        assert answer.show_alert
    await sql.execute("UPDATE booking_desk.bulks SET state = 'running'")
    async with open_desk(settings.model_copy(update={"admin_ids": frozenset({anna.id})})):
        await until_true(sql, f"SELECT ({STATES}) = 'stopped'")

    assert await statuses(sql) == [1, 1, 1]


@pytest.mark.parametrize("press", ["✅ Confirm 2", "twice"])
async def test_a_second_press_begins_nothing_more(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, press: str
) -> None:
    await make_waiting(make_booking, 2)
    await rehearsed(anna, "/pending", "✅ Confirm all")
    await anna.sees("✅ Confirm 2")
    begin = anna.choice("✅ Confirm 2")

    await anna.forge(begin).answered()
    if press == "twice":
        answer = await anna.forge(begin).answered()
        assert answer.show_alert
    await anna.sees("Done: 2 bookings")

    assert (
        await sql.fetchval("SELECT count(*) FROM booking_desk.audit WHERE action = 'confirm'") == 2
    )
