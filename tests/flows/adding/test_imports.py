"""An admin sends a file of bookings: what was read is shown, then added, and can be taken back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from bot.settings import Settings
from simulator import BotAccount
from tests.flows.adding.conftest import Send
from tests.support.desk import long_grace
from tests.support.person import Person
from tests.support.school import VERA_ID, MakeBooking

FILE = """telegram id;Имя;Курс;Поток;Статус;Дата;Промокод;Скидка
101;Vera;Drawing;autumn;paid;31.12.2025;FRIEND10;10%
102;Pavel;Drawing;autumn;ждёт;2025-12-31T10:00:00Z;;
103;=1+1;Painting;"winter; late";новая;;;
"""


async def bookings(sql: asyncpg.Connection) -> list[tuple[object, ...]]:
    rows = await sql.fetch(
        "SELECT user_id, first_name, course_id, course_stream, confirmed FROM bookings ORDER BY id"
    )
    return [tuple(row) for row in rows]


async def test_an_empty_desk_explains_how_a_file_comes_into_it_and_takes_it(
    patient_desk: None, anna: Person, send: Send, sql: asyncpg.Connection
) -> None:
    await anna.opens("/pending", shows="import a file")
    await anna.press("📄 Import a file")
    await anna.sees("CSV", "50000 rows", "20 MB")

    await send(FILE, "Is this right?", "3 bookings can be added", "Drawing, Painting")
    await anna.sees("Written in UTF-8, with semicolons", "Student's number: «telegram id»")
    assert await bookings(sql) == []
    await anna.press("✅ Add 3")

    await anna.sees("Done: 3 bookings are in", "Until", "Take 3 back")
    assert await bookings(sql) == [
        (101, "Vera", 1, "autumn", 2),
        (102, "Pavel", 1, "autumn", 1),
        (103, "=1+1", 2, "winter; late", 0),
    ]
    first, second, third = await sql.fetch("SELECT * FROM bookings ORDER BY id")
    utc = datetime(2025, 12, 31, tzinfo=ZoneInfo("UTC"))
    assert (first["created_at"], second["created_at"]) == (utc, utc + timedelta(hours=10))
    assert datetime.now(UTC) - third["created_at"] < timedelta(minutes=1)
    assert (first["referral_code"], first["discount_percent"]) == ("FRIEND10", 10)
    courses = await sql.fetch("SELECT course_id, course_name FROM courses ORDER BY 1")
    assert [tuple(row) for row in courses] == [(1, "Drawing"), (2, "Painting")]
    users = await sql.fetch("SELECT user_id, course_stream FROM users ORDER BY 1")
    assert [tuple(row) for row in users] == [(101, "autumn"), (102, None), (103, None)]
    entries = await sql.fetch("SELECT DISTINCT action, actor_name FROM booking_desk.audit")
    assert [tuple(entry) for entry in entries] == [("add", "Anna")]
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.outbox") == 0
    assert await sql.fetchval("SELECT content FROM booking_desk.imports") is None
    await anna.opens("/pending", shows="Pavel")


async def test_the_file_in_russian(
    patient_desk: None, boris: Person, desk_bot: BotAccount, sql: asyncpg.Connection
) -> None:
    await boris.opens("/import", shows="Загрузить заявки из файла")
    boris.account.send_document(desk_bot, FILE.encode("cp1251"), "Ученики.CSV")
    await boris.sees("Ученики.CSV", "Всё верно?", "Можно добавить 3 заявки", "CP1251")
    await boris.press("✅ Добавить 3")
    await boris.sees("Готово: добавлены 3 заявки")
    await boris.press("↩️ Убрать 3")
    await boris.sees("Убраны 3 заявки")

    assert await bookings(sql) == []
    users = await sql.fetchval("SELECT count(course_stream) FROM users")
    assert users == 0
    entries = await sql.fetch(
        "SELECT action, actor_name, count(*) FROM booking_desk.audit GROUP BY 1, 2 ORDER BY 1"
    )
    assert [tuple(entry) for entry in entries] == [("add", "Борис", 3), ("delete", "Борис", 3)]


async def test_what_cannot_be_read_and_what_is_there_already_is_named_and_left_out(
    patient_desk: None,
    anna: Person,
    send: Send,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    there = await make_booking(username="vera")
    await make_booking(user_id=14, confirmed=-1)
    lines = [
        "id,username,course,status,date",
        "101,,1,new,2025-01-01",
        "101,,1,pending,2025-01-02",
        f"{VERA_ID},,1,new,",
        ",@VERA,1,new,",
        ",@nobody_here,1,new,",
        "14,,1,new,",
        "+79161234567,,1,new,",
        "15,,1,perhaps,",
        "16,,1,new,31.02.2025",
        ",,1,new,",
        "17,,1,cancelled,",
        "17,,1,cancelled,",
    ]

    await send("\n".join(lines), "4 bookings can be added", "3 are there already", "5 rows cannot")
    await anna.press("⚠️ Left out: 8")

    await anna.sees(
        "line 3: the same student and course as in line 2",
        f"line 4: the student has booking #{there} for this course already",
        "line 5: the same student and course as in line 4",
        "line 6, «username»: the bot does not know nobody_here",
        "line 8, «id»: +79161234567 looks like a phone number",
        "line 9, «status»: perhaps is not a status I know",
        "line 10, «date»: 31.02.2025 is not a date I can read",
        "line 11, «id»: there is neither a student's number nor a username",
    )
    await anna.press("‹ Back to the file")
    await anna.press("⬜ Duplicates too: 3")
    await anna.press("✅ Add 7")
    await anna.sees("Done: 7 bookings are in")
    assert [row[0] for row in await bookings(sql)] == [VERA_ID, 14, 101, 101, 13, 13, 14, 17, 17]


async def test_columns_are_chosen_by_buttons_and_the_file_is_read_anew(
    patient_desk: None, anna: Person, send: Send, sql: asyncpg.Connection
) -> None:
    await send("key\tname\tgroup\n101\tVera\tautumn\n", "Which column is the student?")
    assert "✅ Add" not in " ".join(anna.buttons)

    await anna.press("🔤 Columns")
    await anna.sees("Which column is what?", "Stream: group")
    await anna.press("Student's number: —")
    await anna.press("key")
    await anna.sees("1 booking can be added", "Student's number: «key»")
    await anna.press("🔤 Columns")
    await anna.press("Stream: group")
    await anna.press("No column")
    await anna.sees("1 booking can be added")
    assert "«group»" not in anna.inbox[-1]
    await anna.press("✅ Add 1")

    await anna.sees("Done: 1 booking is in")
    assert await bookings(sql) == [(101, "Vera", None, None, 0)]


async def test_confirmed_students_are_welcomed_only_if_the_admin_says_so_and_after_the_end(
    patient_desk: None, anna: Person, vera: Person, send: Send, sql: asyncpg.Connection
) -> None:
    vera.start()
    await send(f"id,status\n{VERA_ID},confirmed\n102,new\n", "⬜ Welcome them: 1")
    await anna.press("⬜ Welcome them: 1")
    await anna.sees("☑️ Welcome them: 1")
    await anna.press("✅ Add 2")
    await anna.sees("Done: 2 bookings are in")

    [owed] = await sql.fetch("SELECT state, due_at - now() AS left FROM booking_desk.outbox")
    assert owed["state"] == "queued"
    assert timedelta(seconds=30) < owed["left"] <= timedelta(seconds=60)

    await anna.press("Take 2 back")
    await anna.sees("Taken back: 2 bookings")
    assert await sql.fetchval("SELECT state FROM booking_desk.outbox") == "withdrawn"


async def test_one_undo_takes_back_all_but_what_somebody_changed_or_refers_to(
    patient_desk: None, anna: Person, boris: Person, send: Send, sql: asyncpg.Connection
) -> None:
    await send("id,name,status\n101,A,1\n102,B,1\n103,C,1\n104,D,1\n", "4 bookings can be added")
    await anna.press("✅ Add 4")
    await anna.sees("Done: 4 bookings are in")
    await boris.opens("/booking 2", shows="B")
    await boris.cancels()
    await boris.sees("Отменена")
    await sql.execute("DELETE FROM bookings WHERE id = 3")
    await sql.execute("CREATE TABLE bills (booking integer REFERENCES bookings)")
    await sql.execute("INSERT INTO bills VALUES (4)")

    await anna.press("Take 4 back")
    await anna.sees("Taken back: 2 bookings", "2 stay", "#2 stays: Борис has changed it")
    await anna.sees("#4 stays")

    assert [row[0] for row in await bookings(sql)] == [102, 104]


async def test_what_the_schools_table_refuses_is_named_and_the_rest_is_added(
    patient_desk: None, anna: Person, send: Send, sql: asyncpg.Connection
) -> None:
    await sql.execute("ALTER TABLE bookings ADD CHECK (first_name <> 'B')")
    await send("id,name\n101,A\n102,B\n103,C\n", "3 bookings can be added")
    await anna.press("✅ Add 3")

    await anna.sees("Done: 2 bookings are in", "1 was not taken", "line 3: not taken", "check")
    assert [row[0] for row in await bookings(sql)] == [101, 103]


async def test_a_booking_that_comes_meanwhile_is_not_added_twice(
    patient_desk: None, anna: Person, send: Send, make_booking: MakeBooking
) -> None:
    await send(f"id,course\n{VERA_ID},1\n102,1\n", "2 bookings can be added")
    await make_booking()
    await anna.press("✅ Add 2")

    await anna.sees("Done: 1 booking is in", "1 is there already")


async def test_a_stopped_import_is_told_in_the_lists_until_the_admin_decides(
    settings: Settings, anna: Person, boris: Person, send: Send, sql: asyncpg.Connection
) -> None:
    async with long_grace(settings):
        content = "id,status\n" + "".join(f"{n},1\n" for n in range(1000, 1600))
        await send(content, "600 bookings can be added")
        # The second batch waits for a lock that another program holds.
        async with sql.transaction():
            await sql.execute("INSERT INTO users (user_id) VALUES (1300)")
            await anna.press("✅ Add 600")
            await anna.refreshes(until="200 of 600")
            await boris.opens("/bookings", shows="Anna загружает файл: пока добавлено 200 из 600")
    await sql.execute(
        "UPDATE booking_desk.imports SET state = 'stopped', undo_until = now() + '1h'"
    )

    async with long_grace(settings):
        await boris.opens("/bookings ждут", shows="прервана, добавлено 200 из 600")
        await anna.press("Refresh")
        await anna.sees("Stopped:", "200 of 600", "Take 200 back", "Keep what is there")
        await anna.press("▶️ Go on")
        await anna.sees("Done: 600 bookings are in")
        assert await sql.fetchval("SELECT count(*) FROM bookings") == 600
        await boris.opens("/bookings", shows="600")
        assert "загружает" not in boris.inbox[-1]


async def test_a_press_stops_it_and_the_half_can_be_kept_or_taken_back(
    patient_desk: None, anna: Person, send: Send, sql: asyncpg.Connection
) -> None:
    content = "id,status\n" + "".join(f"{n},1\n" for n in range(1000, 1600))
    await send(content, "600 bookings can be added")
    async with sql.transaction():
        await sql.execute("INSERT INTO users (user_id) VALUES (1300)")
        await anna.press("✅ Add 600")
        await anna.refreshes(until="200 of 600")
        await anna.press("Stop")
        await anna.sees("Stopped:", "200 of 600", "▶️ Go on")

    await anna.press("Keep what is there")
    await anna.sees("Done: 200 bookings are in", "Take 200 back")
    assert await sql.fetchval("SELECT count(*) FROM bookings") == 200
