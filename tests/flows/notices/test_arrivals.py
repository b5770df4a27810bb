"""New bookings are announced to the staff, and what is announced stays true."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest

from bot.settings import Settings
from simulator import Answer, BotAccount, ChatMessage, Group, Telegram
from tests.flows.notices.conftest import STAFF
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import ANNA_ID, MakeBooking

NOTED = "SELECT count(*) = {} FROM booking_desk.copies WHERE notice_id IS NOT NULL"


@pytest.fixture
def telling(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of a desk that looks for new bookings all the time."""
    monkeypatch.setattr("bot.services.backlog.arrivals._EVERY_SECONDS", 0.05)
    return settings.model_copy(update={"announce_bookings": True, "undo_seconds": 30})


@pytest.fixture
async def open_to(telling: Settings, anna: Person, boris: Person) -> AsyncIterator[None]:
    """Open the desk of two admins without a group."""
    async with open_desk(telling):
        anna.start()
        await anna.hears("Booking desk")
        boris.start()
        await boris.hears("Заявки школы")
        yield


def news(person: Person, place: BotAccount | Group) -> list[ChatMessage]:
    heads = ("🛎️ New booking\n", "🛎️ Новая заявка\n")
    return [
        each
        for each in person.account.chat(place)
        if each.text.startswith(heads) or re.match(r"🛎️ \d", each.text)
    ]


async def pressed(person: Person, staff: Group, label: str) -> Answer:
    """Press a button of the newest notice in the group, and wait for the bot's answer."""
    notice = news(person, staff)[-1]
    data = person.button(label, on=notice).callback_data or ""
    return await person.account.press(staff, notice.message_id, data).answered()


async def test_every_admin_hears_of_a_new_booking_and_decides_it_with_one_tap(
    open_to: None,
    anna: Person,
    boris: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera.start()
    booking = await make_booking()
    await anna.hears("New booking")
    await anna.sees(f"#{booking}", "Vera", "Pending")
    await boris.hears("Новая заявка")
    await until_true(sql, NOTED.format(2))

    answer = await anna.press("Confirm")

    assert "confirmed" in (answer.text or "")
    await anna.sees("New booking", "Confirmed by Anna")
    await boris.sees("Новая заявка", "Подтверждена", "Anna")
    await boris.press("Вернуть")
    await anna.sees("New booking", "Pending", "Undone by Борис")
    assert await sql.fetchval("SELECT confirmed FROM bookings") == 1


async def test_a_booking_is_announced_once_however_often_the_desk_starts(
    telling: Settings,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    async with open_desk(telling):
        anna.start()
        await anna.hears("Booking desk")
        await make_booking(first_name="Vera")
        await anna.hears("New booking")
    await make_booking(first_name="Petr")
    await sql.execute("UPDATE booking_desk.outbox SET ended_at = ended_at - interval '2 minutes'")

    async with open_desk(telling):
        await anna.hears("Petr")
        await make_booking(first_name="Rita")
        await anna.sees("2 new bookings", "Petr", "Rita")

    assert len(news(anna, desk_bot)) == 2


async def test_a_burst_is_one_message_which_grows_and_opens_a_review_below_it(
    open_to: None,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    for n in range(40):
        await make_booking(user_id=1000 + n, first_name=f"Student {n}")

    await anna.sees("40 new bookings", "Student 39", "…and 30 more")

    await sql.execute("UPDATE bookings SET confirmed = -1 WHERE first_name = 'Student 39'")
    await anna.sees("🚫 Student 39")
    assert len(news(anna, desk_bot)) == 1
    await anna.press("Review")
    await anna.sees("Student 0", "39 waiting")
    assert len(news(anna, desk_bot)) == 1


async def test_of_very_many_at_once_the_newest_are_named_and_all_are_counted(
    open_to: None, desk_bot: BotAccount, anna: Person, sql: asyncpg.Connection
) -> None:
    await sql.execute(
        "INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed)"
        " SELECT n, 'Student ' || n, 1, 'north', 1 FROM generate_series(1001, 1700) AS n"
    )

    await anna.sees("700 new bookings", "Student 1700", "…and 690 more")

    assert len(news(anna, desk_bot)) == 1
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.outbox") <= 80


async def test_a_group_is_told_instead_of_the_admins_and_its_notice_stays_there(
    telling: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    staff: Group,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    async with open_desk(telling.model_copy(update={"staff_chat_id": STAFF})):
        anna.start()
        await anna.hears("Booking desk")
        booking = await make_booking()
        await telegram.until(lambda: news(anna, staff))
        await until_true(sql, NOTED.format(1))
        answer = await pressed(anna, staff, f"Booking #{booking}")
        assert answer.url == f"https://t.me/school_desk_bot?start=b_{booking}"
        await pressed(anna, staff, "Confirm")
        await telegram.until(lambda: "Confirmed by Anna" in news(anna, staff)[0].text)
        await make_booking(first_name="Petr")
        await telegram.until(lambda: "2 new bookings" in news(anna, staff)[0].text)
        answer = await pressed(anna, staff, "Review")
        assert answer.url == "https://t.me/school_desk_bot?start=review"
        anna.start("review")
        await anna.hears("Petr")

    assert len(news(anna, staff)) == 1
    assert news(anna, desk_bot) == []


async def test_a_press_that_comes_too_late_says_so_and_leaves_the_group_its_notice(
    telling: Settings,
    telegram: Telegram,
    staff: Group,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
) -> None:
    async with open_desk(telling.model_copy(update={"staff_chat_id": STAFF})):
        await make_booking()
        await telegram.until(lambda: news(anna, staff))
        [notice] = news(anna, staff)
        confirm = anna.button("Confirm", on=notice).callback_data or ""
        await anna.account.press(staff, notice.message_id, confirm).answered()
        await telegram.until(lambda: "Confirmed by Anna" in news(anna, staff)[0].text)
        undo = anna.button("Undo", on=news(anna, staff)[0]).callback_data or ""
        await anna.account.press(staff, notice.message_id, undo).answered()
        await telegram.until(lambda: "Pending" in news(anna, staff)[0].text)

        late = await boris.account.press(staff, notice.message_id, confirm).answered()

    assert late.show_alert
    assert "Anna" in (late.text or "")
    [kept] = news(anna, staff)
    assert [each.text for row in kept.buttons for each in row] == ["✅ Confirm", "Booking #1"]


async def test_what_an_admin_adds_or_a_student_took_back_is_no_news(
    open_to: None,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    async with sql.transaction():
        added = await make_booking(first_name="Added")
        await sql.execute(
            "INSERT INTO booking_desk.audit (booking_id, revision, action, actor_id, actor_name)"
            " SELECT id, revision, 'add', $2, 'Anna' FROM bookings WHERE id = $1",
            added,
            ANNA_ID,
        )
        await make_booking(first_name="Taken back", confirmed=-1)
        await make_booking(first_name="Vera")

    await anna.hears("New booking", "Vera")

    assert anna.screen.text.startswith("🛎️ New booking\n")
    assert len(news(anna, desk_bot)) == 1


async def test_the_notice_of_a_deleted_booking_decides_nothing_and_says_so(
    open_to: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.hears("New booking")
    await until_true(sql, NOTED.format(2))
    notice = anna.screen

    await sql.execute("DELETE FROM bookings WHERE id = $1", booking)

    answer = await anna.press("Confirm", on=notice)
    assert f"#{booking}" in (answer.text or "")


async def test_an_admin_chooses_not_to_be_told_and_to_be_told_again(
    open_to: None,
    desk_bot: BotAccount,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
) -> None:
    await anna.opens("/notify", shows="You are told")
    await anna.press("Don't tell me")
    await anna.sees("You are not told")
    await make_booking(first_name="Petr")
    await boris.hears("Новая заявка", "Petr")

    await anna.press("Tell me")
    await anna.sees("You are told")
    await make_booking(first_name="Rita")

    await anna.hears("New booking", "Rita")
    assert len(news(anna, desk_bot)) == 1


async def test_beside_a_group_an_admin_is_told_who_asks_for_it_and_the_group_may_stop(
    telling: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    staff: Group,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
) -> None:
    async with open_desk(telling.model_copy(update={"staff_chat_id": STAFF})):
        await anna.opens("/notify", shows="You are not told")
        await anna.press("Tell me")
        await anna.sees("You are told")
        await anna.sees("You are told", "group is told")
        await boris.opens("/notify", shows="Группе админов бот о них сообщает")
        await boris.press("Не сообщать группе")
        await boris.sees("Группе админов бот о них не сообщает")
        await make_booking(first_name="Petr")

        await anna.hears("New booking", "Petr")

    assert news(anna, staff) == news(boris, desk_bot) == []
