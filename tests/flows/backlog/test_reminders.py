"""An admin reminds students of bookings without a payment receipt."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from simulator import Telegram
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import MakeBooking

OWED = "SELECT state FROM booking_desk.outbox WHERE kind = 'reminder' ORDER BY id"


async def states(sql: asyncpg.Connection) -> list[str]:
    return [row[0] for row in await sql.fetch(OWED)]


async def test_a_student_is_reminded_in_their_language_when_the_undo_is_over(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.account.account.language_code = "ru"
    vera.start()
    await vera.hears("заявок у вас пока нет")
    booking = await make_booking(confirmed=0, user_id=vera.id, first_name="Вера")
    await anna.opens(f"/booking {booking}", shows="New, no receipt yet")

    answer = await anna.press("⏰ Remind")

    assert "goes out" in (answer.text or "")
    await vera.hears("Вера, напоминаем: ваша заявка", "ещё ждёт чека об оплате")
    await anna.sees("💌 Reminder delivered")
    assert not {"⏰ Remind", "↩️ Take the reminder back"} & set(anna.buttons)


async def test_a_reminder_is_taken_back_before_it_leaves(
    patient_desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()
    booking = await make_booking(confirmed=0, user_id=vera.id)
    await anna.opens(f"/booking {booking}", shows="New")
    await anna.press("⏰ Remind")
    await anna.sees("📤 Reminder goes out at")
    back = anna.choice("↩️ Take the reminder back")

    await anna.press("↩️ Take the reminder back")

    await anna.sees("Reminder withdrawn", "\n⏰ Remind\n")
    assert await states(sql) == ["withdrawn"]
    assert not await sql.fetchval("SELECT EXISTS (SELECT FROM booking_desk.log)")
    late = await anna.forge(back).answered()
    assert late.show_alert
    assert "too late" in (late.text or "")
    await anna.press("⏰ Remind")
    await anna.sees("📤 Reminder goes out at")
    assert await states(sql) == ["withdrawn", "queued"]


async def test_a_reminder_stands_in_the_log_and_leaves_the_last_change_as_it_was(
    patient_desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking(confirmed=0)
    await anna.opens(f"/booking {booking}", shows="New")
    await anna.press("⏰ Remind")
    await anna.sees("📤 Reminder goes out at")
    assert not [label for label in anna.buttons if "Undo" in label]

    await anna.opens("/log", shows="⏰ reminded")

    assert f"⏰ Vera #{booking} · Anna" in "".join(anna.buttons)
    await anna.opens(f"/log {booking}", shows="Anna: reminded")


async def test_nobody_is_reminded_twice_within_three_days(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=0)
    await anna.opens(f"/booking {booking}", shows="New")
    remind = anna.choice("⏰ Remind")
    await anna.press("⏰ Remind")

    again = await anna.forge(remind).answered()
    assert again.show_alert
    assert "once in 3 days" in (again.text or "")
    assert await states(sql) == ["queued"]

    await sql.execute(
        "UPDATE booking_desk.outbox SET state = 'sent', created_at = now() - interval '73 hours'"
    )
    await anna.press("🔄 Refresh")
    await anna.sees("\n⏰ Remind\n")
    await anna.press("⏰ Remind")
    await anna.sees("📤 Reminder goes out at")
    assert await states(sql) == ["sent", "queued"]


@pytest.mark.parametrize("confirmed", [1, 2, -1])
async def test_only_who_has_not_paid_is_reminded(
    patient_desk: None,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    confirmed: int,
) -> None:
    booking = await make_booking(confirmed=0)
    await anna.opens(f"/booking {booking}", shows="New")
    remind = anna.choice("⏰ Remind")
    await sql.execute("UPDATE bookings SET confirmed = $1", confirmed)

    answer = await anna.forge(remind).answered()

    assert answer.show_alert
    assert "Nothing was done" in (answer.text or "")
    assert await states(sql) == []


async def test_who_pays_before_the_reminder_leaves_hears_none(
    patient_desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()
    booking = await make_booking(confirmed=0, user_id=vera.id)
    await anna.opens(f"/booking {booking}", shows="New")
    await anna.press("⏰ Remind")
    await sql.execute("UPDATE bookings SET confirmed = 1")

    await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    await sql.execute("SELECT pg_notify('booking_desk', 'outbox')")

    await until_true(sql, f"SELECT ({OWED}) = 'withdrawn'")
    assert not any("reminder" in text for text in vera.inbox)


async def test_who_blocked_the_bot_cannot_be_reminded(
    desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()
    await vera.hears("Vera")
    vera.block()
    await until_true(
        sql, "SELECT reachability = 'blocked' FROM booking_desk.people WHERE user_id = 13"
    )
    booking = await make_booking(confirmed=0, user_id=vera.id)
    await anna.opens(f"/booking {booking}", shows="blocked the bot")

    answer = await anna.press("⏰ Remind")

    assert answer.show_alert
    assert "Please write to them yourself" in (answer.text or "")
    assert await states(sql) == []


async def test_all_of_a_list_are_reminded_and_who_cannot_be_is_named(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    for n in range(5):
        await make_booking(confirmed=0, first_name=f"Student{n}", user_id=900 + n)
    await sql.execute(
        "INSERT INTO booking_desk.people (user_id, reachability) VALUES (904, 'blocked')"
    )
    await anna.opens("/booking 4", shows="Student3")
    await anna.press("⏰ Remind")
    await anna.sees("Reminder")
    await anna.opens("/bookings new", shows="5 bookings")

    await anna.press("⏰ Remind all 5")
    await anna.sees("Remind of the payment", "This affects 3 bookings", "2 stay as they are")
    await anna.sees("#4 Student3 · reminded lately", "#5 Student4 · 📵")
    await anna.press("⏰ Remind 3")
    await anna.sees("✅ Done: 3 bookings", "the students hear nothing before then")
    due = await sql.fetch(
        "SELECT due_at - now() AS left FROM booking_desk.outbox WHERE state = 'queued'"
        " AND booking_id < 4"
    )
    assert all(timedelta(seconds=30) < row["left"] <= timedelta(seconds=60) for row in due)
    assert len(due) == 3

    await anna.press("Undo all 3")
    await anna.sees("Taken back: 3 bookings")
    withdrawn = "SELECT count(*) FROM booking_desk.outbox WHERE state = 'withdrawn'"
    assert await sql.fetchval(withdrawn) == 3
    assert await sql.fetchval("SELECT count(*) FROM bookings WHERE confirmed = 0") == 5


async def test_who_pays_during_the_rehearsal_is_not_reminded(
    desk: None, boris: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    for n in range(2):
        await make_booking(confirmed=0, first_name=f"Student{n}", user_id=900 + n)
    await boris.opens("/bookings новые", shows="2 заявки")
    await boris.press("⏰ Напомнить: 2")
    await boris.sees("Напомнить об оплате", "Это коснётся 2 заявок")
    await sql.execute("UPDATE bookings SET confirmed = 1 WHERE id = 2")

    await boris.press("⏰ Напомнить: 2")

    await boris.sees("Готово: 1 заявка", "1 заявка останется как есть", "#2 Student1")


async def test_the_old_ones_of_the_new_are_cancelled_together(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    for age in (10, 29, 32, 150):
        made = datetime.now(UTC) - timedelta(days=age)
        await make_booking(confirmed=0, user_id=900 + age, created_at=made)
    await make_booking(confirmed=1, created_at=datetime.now(UTC) - timedelta(days=200))
    await anna.opens("/bookings", shows="5 bookings")
    await anna.press("🆕 4")

    await anna.press("🚫 Older than 30 d")
    await anna.sees("Filter: 🆕 New · to ", "This affects 2 bookings")
    await anna.press("🚫 Cancel 2")
    await anna.sees("Done: 2 bookings")

    rows = await sql.fetch("SELECT confirmed FROM bookings ORDER BY id")
    assert [row[0] for row in rows] == [0, 0, -1, -1, 1]
    await anna.press("Undo all 2")
    await anna.sees("Taken back: 2 bookings")
    assert await sql.fetchval("SELECT count(*) FROM bookings WHERE confirmed = 0") == 4


async def test_a_rehearsal_from_a_tab_leads_back_to_the_tab(
    desk: None, anna: Person, make_booking: MakeBooking, telegram: Telegram
) -> None:
    await make_booking(confirmed=0)
    await anna.opens("/bookings", shows="1 booking")
    await anna.press("🆕 1")
    await anna.press("⏰ Remind all 1")
    await anna.sees("Remind of the payment")

    await anna.press("‹ Back to the list")

    await anna.sees("🆕 New · 1 booking", "✓🆕")
