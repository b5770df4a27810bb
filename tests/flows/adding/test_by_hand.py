"""An admin adds a booking by hand: the person, the course, the stream, the status, and yes."""

import asyncio

import asyncpg

from bot.settings import Settings
from tests.support.desk import long_grace, open_desk
from tests.support.person import Person
from tests.support.school import VERA_ID, MakeBooking


async def rows(sql: asyncpg.Connection) -> list[tuple[object, ...]]:
    found = await sql.fetch(
        "SELECT user_id, first_name, course_id, course_stream, confirmed FROM bookings ORDER BY id"
    )
    return [tuple(row) for row in found]


async def test_an_empty_desk_says_how_the_first_booking_comes_into_it(
    patient_desk: None, anna: Person, sql: asyncpg.Connection
) -> None:
    await anna.opens("/pending", shows="Nobody is waiting")
    await anna.sees("The desk is empty")
    await anna.press("➕ Add a booking")
    await anna.sees("Who is it for?")
    await anna.answers("42", "Drawing", "autumn")
    await anna.sees("id 42", "Drawing (new)", "autumn", "How far along is it?")
    await anna.press("⏳ Pending")
    await anna.sees("Is all of it right?", "Nothing is written yet")
    assert await rows(sql) == []

    await anna.press("✅ Add the booking")

    await anna.sees("Booking #1 is added", "Drawing", "autumn", "Pending", "Added by Anna")
    assert await rows(sql) == [(42, None, 1, "autumn", 1)]
    courses = await sql.fetch("SELECT course_id, course_name FROM courses")
    assert [tuple(row) for row in courses] == [(1, "Drawing")]
    assert await sql.fetchval("SELECT user_id FROM users") == 42
    [entry] = await sql.fetch("SELECT * FROM booking_desk.audit")
    assert (entry["action"], entry["actor_id"], entry["confirmed_after"]) == ("add", anna.id, 1)
    await anna.opens("/bookings", shows="#1")


async def test_the_first_booking_in_russian(
    patient_desk: None, boris: Person, sql: asyncpg.Connection
) -> None:
    await boris.opens("/bookings", shows="Заявок пока нет")
    await boris.sees("Начните сами")
    await boris.press("➕ Добавить заявку")
    await boris.answers("id 42", "Рисование", "осень")
    await boris.press("🆕 Новая")
    await boris.press("✅ Добавить заявку")
    await boris.sees("Заявка #1 добавлена", "Рисование", "осень", "Добавлено: Борис")

    await boris.press("↩️ Вернуть как было")

    await boris.sees("Заявка #1 убрана")
    assert await rows(sql) == []


async def test_a_known_course_and_stream_are_chosen_or_written_in_any_case(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking()
    await sql.execute("UPDATE booking_desk.courses SET name = 'Drawing'")
    await anna.opens("/add", shows="Who is it for?")
    await anna.answers("42")
    await anna.press("Drawing")
    await anna.press("north")
    await anna.press("🆕 New")
    await anna.press("✏️ Course")
    await anna.sees("Which course?")
    await anna.answers("drawing", "NORTH")
    await anna.sees("Is all of it right?", "🎓 Drawing", "👥 north")
    await anna.press("✅ Add the booking")
    await anna.sees("is added")

    assert (await rows(sql))[1:] == [(42, None, 1, "north", 0)]
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.streams") == 1


async def test_a_second_booking_for_the_course_is_warned_of_and_asked_again_if_it_comes_meanwhile(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking(user_id=77)
    await anna.opens("/add", shows="Who is it for?")
    await anna.answers(str(VERA_ID))
    await anna.choose("#1")
    await anna.choose("north")
    await anna.press("🆕 New")
    await anna.sees("Is all of it right?", "✅ Add the booking")
    assert "already" not in anna.inbox[-1]

    twin = await make_booking()
    await anna.press("✅ Add the booking")
    await anna.sees("has a booking for this course already", f"#{twin}", "⚠️ Add one more")
    assert len(await rows(sql)) == 2

    await anna.press("⚠️ Add one more")
    await anna.sees("is added")
    assert len(await rows(sql)) == 3


async def test_two_admins_who_add_the_same_student_at_once_add_one(
    patient_desk: None, anna: Person, boris: Person, sql: asyncpg.Connection
) -> None:
    for admin, asked, status in ((anna, "Who", "🆕 New"), (boris, "Для кого", "🆕 Новая")):
        await admin.opens("/add", shows=asked)
        await admin.answers("42", "Drawing", "autumn")
        await admin.press(status)
    await sql.execute("INSERT INTO booking_desk.courses VALUES (1, 'Drawing')")
    await anna.press("✏️ Course")
    await anna.sees("Which course?")
    await anna.choose("Drawing")
    await anna.answers("autumn")
    await boris.press("✏️ Курс")
    await boris.sees("Какой курс?")
    await boris.choose("Drawing")
    await boris.answers("autumn")

    await asyncio.gather(anna.press("✅ Add"), boris.press("✅ Добавить"))

    assert len(await rows(sql)) == 1


async def test_a_press_that_comes_twice_adds_once_and_an_old_button_adds_nothing(
    patient_desk: None, anna: Person, sql: asyncpg.Connection
) -> None:
    await anna.opens("/add", shows="Who is it for?")
    await anna.answers("42", "Drawing", "autumn")
    await anna.press("🆕 New")
    await anna.sees("Is all of it right?")
    add = anna.button("✅ Add").callback_data or ""
    await anna.press("✏️ Status")
    await anna.press("⏳ Pending")
    await anna.sees("Is all of it right?")

    await anna.forge(add).answered()
    assert await rows(sql) == []

    await anna.sees("✅ Add")
    add = anna.button("✅ Add").callback_data or ""
    await asyncio.gather(*(anna.forge(add).answered() for _ in range(3)))
    await anna.sees("Booking #1 is added")
    assert await rows(sql) == [(42, None, 1, "autumn", 1)]


async def test_a_confirmed_one_welcomes_the_student_unless_it_is_taken_back(
    settings: Settings, anna: Person, vera: Person, sql: asyncpg.Connection
) -> None:
    async with long_grace(settings):
        vera.start()
        await anna.opens("/add", shows="Who is it for?")
        await anna.answers(str(vera.id), "Drawing", "autumn")
        await anna.press("✅ Confirmed")
        await anna.sees("The student gets a welcome")
        await anna.press("✅ Add the booking")
        await anna.sees("is added", "Until", "you can take it back")
        assert await sql.fetchval("SELECT course_stream FROM users") == "autumn"
        undo = anna.button("Undo").callback_data or ""

        await asyncio.gather(*(anna.forge(undo).answered() for _ in range(2)))

        await anna.sees("Booking #1 is taken back")
        assert await rows(sql) == []
        assert await sql.fetchval("SELECT state FROM booking_desk.outbox") == "withdrawn"
        assert await sql.fetchval("SELECT course_stream FROM users") is None
        entries = await sql.fetch("SELECT action, actor_name FROM booking_desk.audit ORDER BY id")
        assert [tuple(entry) for entry in entries] == [("add", "Anna"), ("delete", "Anna")]
        await anna.opens("/log", shows="➕")

    async with open_desk(settings.model_copy(update={"undo_seconds": 1})):
        await anna.opens("/add", shows="Who is it for?")
        await anna.answers(str(vera.id), "Drawing", "autumn")
        await anna.press("✅ Confirmed")
        await anna.press("✅ Add the booking")
        await vera.hears("welcome!")
        answer = await anna.press("Undo")
        assert answer.show_alert
        assert len(await rows(sql)) == 1


async def test_what_somebody_has_changed_since_is_not_taken_back(
    patient_desk: None, anna: Person, sql: asyncpg.Connection
) -> None:
    await anna.opens("/add", shows="Who is it for?")
    await anna.answers("42", "Drawing", "autumn")
    await anna.press("🆕 New")
    await anna.press("✅ Add the booking")
    await anna.sees("is added")
    await sql.execute("UPDATE bookings SET confirmed = 1")

    answer = await anna.press("Undo")

    assert answer.show_alert
    assert await rows(sql) == [(42, None, 1, "autumn", 1)]


async def test_it_goes_on_after_a_restart_and_ends_when_the_admin_says_so(
    settings: Settings, anna: Person, sql: asyncpg.Connection
) -> None:
    async with long_grace(settings):
        await anna.opens("/add", shows="Who is it for?")
        await anna.answers("42")
        await anna.sees("Which course?")
    async with long_grace(settings):
        await anna.answers("Drawing")
        await anna.sees("id 42", "Drawing (new)", "Which stream?")
        await anna.press("✖️ Don't add")
        await anna.sees("Nothing was added")
        await anna.opens("autumn", shows="autumn")
        assert "Which" not in anna.inbox[-1]

    assert await rows(sql) == []
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.drafts") == 0


async def test_a_message_is_searched_for_again_when_the_question_is_old(
    patient_desk: None, anna: Person, sql: asyncpg.Connection
) -> None:
    await anna.opens("/add", shows="Who is it for?")
    await sql.execute("UPDATE booking_desk.drafts SET changed_at = now() - interval '16 minutes'")

    await anna.opens("42", shows="🔎")


async def test_a_colleague_cannot_press_what_another_admin_adds(
    patient_desk: None, anna: Person, boris: Person, sql: asyncpg.Connection
) -> None:
    await anna.opens("/add", shows="Who is it for?")
    await anna.answers("42", "Drawing", "autumn")
    await anna.press("🆕 New")
    await anna.sees("✅ Add the booking")
    await boris.opens("/help", shows="/add")

    answer = await boris.forge(anna.button("✅ Add").callback_data or "").answered()

    assert answer.show_alert
    assert await rows(sql) == []


async def test_a_long_name_is_refused_and_odd_letters_are_kept_as_text(
    patient_desk: None, anna: Person, sql: asyncpg.Connection
) -> None:
    await anna.opens("/add", shows="Who is it for?")
    await anna.answers("42")
    anna.send("x" * 65)
    await anna.sees("at most 64")
    await anna.answers("<b>=1+1</b> \u202e&  курс", "y'; DROP TABLE bookings; --")
    await anna.press("🆕 New")
    await anna.press("✅ Add the booking")
    await anna.sees("is added")

    assert await sql.fetchval("SELECT course_name FROM courses") == "<b>=1+1</b> & курс"
    assert (await rows(sql))[0][3] == "y'; DROP TABLE bookings; --"
