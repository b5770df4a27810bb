"""Strange names, forged buttons, and messages that are gone."""

from collections.abc import Callable
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking

FAMILY = "👨‍👩‍👧‍👦"
#: Names that people chose, and what a screen shows of them.
NAMES: dict[str | None, str] = {
    None: "",
    "<3": "<3",
    "a</b>": "a</b>",
    "&lt;b&gt; &amp;": "&lt;b&gt; &amp;",
    "{name} %s {0}": "{name} %s {0}",
    "Robert'); DROP TABLE bookings;--": "Robert'); DROP TABLE bookings;--",
    "\u202eareV": "areV",
    "Ve\nra\t\u200b": "Ve ra",
    "שרה": "\u2068שרה\u2069",
    "🎉" * 64: "🎉" * 31 + "…",
    FAMILY * 64: FAMILY * 31 + "…",
    "   ": "",
    "\u2800\u3164": "",
}


async def test_a_student_of_any_name_is_listed_shown_confirmed_and_welcomed(
    desk: None,
    anna: Person,
    telegram: Telegram,
    desk_bot: BotAccount,
    make_booking: MakeBooking,
) -> None:
    for user_id, (name, seen) in enumerate(NAMES.items(), start=100):
        account = telegram.add_person(user_id, name or "", language_code="en")
        student = Person(telegram, desk_bot, account)
        booking = await make_booking(user_id=user_id, first_name=name, referral_code=name)

        own = name if seen.endswith("…") else seen

        student.start()
        await student.sees(f"👋 {own or 'Hello'}, these are your bookings")
        await anna.opens("/bookings", shows=f"#{booking} · {seen[:5] or 'no name'}")
        await anna.press_row(booking)
        await anna.sees(f"👤 {seen or 'no name'} · no username")
        assert ("🎟" in anna.screen.text) == bool(seen)
        await anna.press("Confirm")
        await student.hears(f"🎉 {own or 'Hello'}, welcome!")


async def test_a_stream_of_any_name_can_be_moved_into(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    for course, name in enumerate(("<3", "a</b>", "\u202eareV", "🎉" * 50, "   ")):
        await make_booking(course_stream=name, course_id=course)
        booking = await make_booking(course_id=course)
        await anna.opens(f"/booking {booking}", shows="Pending")

        await anna.press("Move")
        await anna.sees("Move to which stream")
        answer = await anna.press(anna.buttons[0])
        await anna.sees("Moved to")

        moved_to = await sql.fetchval("SELECT course_stream FROM bookings WHERE id = $1", booking)
        assert moved_to == name
        assert (answer.text or "").startswith(f"🔀 Booking #{booking} is now in ")


async def test_an_admin_of_any_name_is_named_to_the_others(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
) -> None:
    name = "a</b> <3 \u202e"
    other = Person(telegram, desk_bot, telegram.add_person(21, name, language_code="en"))
    booking = await make_booking()
    async with open_desk(settings.model_copy(update={"admin_ids": frozenset({anna.id, 21})})):
        for admin in (anna, other):
            await admin.opens(f"/booking {booking}", shows="Pending")

        await other.press("Confirm")
        answer = await anna.press("Confirm")
        await anna.sees("⚖️ Confirmed by a</b> <3")

    assert "Confirmed by a</b> <3" in (answer.text or "")


prefixes = st.sampled_from(["l1", "c1", "d1", "q1", "s1", "m1", "l0", "", "x"])
fields = st.sampled_from(
    ["", "a", "p", "x", "f", "l", "b", "i", "co", "ca", "mo", "0", "1", "-1", "1.5", "zzzzzz"]
) | st.sampled_from(
    ["zzzzzzz", "1y2p0ij32e8e8", "-zzzzzzzzzzzz", "٣", "é", "null", "\x00", "\ud7ff", "'"]
)
payloads = st.builds(lambda prefix, rest: ":".join([prefix, *rest]), prefixes, st.lists(fields))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=(payloads | st.text(min_size=1)).filter(lambda data: 1 <= len(data.encode()) <= 64))
@example(data="d1:p:f:::1:1:mo")
@example(data="m1:p:f:::1:1:zzzzzz")
@example(data="c1:p:f:::1y2p0ij32e8e8")
async def test_no_payload_whatever_is_a_bug(
    desk: None, anna: Person, make_booking: MakeBooking, data: str
) -> None:
    if not anna.inbox:
        await make_booking()
        await anna.opens("/start", shows="Booking desk")

    answer = await anna.forge(data).answered()

    assert answer.text is None or not answer.text.startswith("🛠")


async def test_a_button_of_another_time_says_how_to_get_a_fresh_one(
    desk: None, anna: Person
) -> None:
    await anna.opens("/pending", shows="Nobody is waiting")

    for data in ("l0:p", "l1", "l1:p:f", "d1:p:f:::1:1", "page_2", "l1:p:f:::", "l1:z:f::"):
        answer = await anna.forge(data).answered()
        assert answer.text == "This button is out of date. Send /bookings for a fresh list."
        assert answer.show_alert


async def test_a_button_of_a_booking_that_is_gone_says_so(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens("/pending", shows="1 booking")

    await sql.execute("DELETE FROM bookings")
    answer = await anna.press_row(booking)

    assert answer.text == f"There is no booking #{booking}."


def grow_old(telegram: Telegram, person: Person) -> None:
    telegram.age(person.screen)


def vanish(_: Telegram, person: Person) -> None:
    person.delete(person.screen)


async def test_a_message_too_old_to_be_edited_is_answered_below_it(
    desk: None, anna: Person, telegram: Telegram, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens("/pending", shows="1 booking")
    telegram.age(anna.screen)

    await anna.press_row(booking)
    await anna.sees(f"Booking #{booking}")
    await anna.press("Confirm")
    await anna.sees("Confirmed by Anna")

    assert "1 booking" in anna.inbox[0]
    assert len(anna.inbox) == 2


@pytest.mark.parametrize("happen", [grow_old, vanish])
async def test_a_message_lost_while_it_was_pressed_is_drawn_anew(
    desk: None,
    anna: Person,
    telegram: Telegram,
    make_booking: MakeBooking,
    happen: Callable[[Telegram, Person], None],
) -> None:
    booking = await make_booking()
    await anna.opens("/pending", shows="1 booking")

    anna.forge(anna.row(booking))
    happen(telegram, anna)
    await telegram.until(lambda: f"Booking #{booking}" in anna.inbox[-1] if anna.inbox else False)

    assert len([text for text in anna.inbox if f"Booking #{booking}" in text]) == 1


async def test_a_press_answered_too_late_for_telegram_still_acts(
    desk: None, anna: Person, telegram: Telegram, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")

    press = anna.tap("Confirm")
    telegram.clock.advance(timedelta(seconds=20))
    await anna.sees("Confirmed by Anna")

    assert press.answer is None


@pytest.mark.parametrize("date", ["-infinity", "0044-03-15 BC", "20250-01-01", "infinity"])
async def test_a_date_that_no_calendar_has_hides_no_booking(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, date: str
) -> None:
    odd = await make_booking()
    await sql.execute(f"UPDATE bookings SET created_at = '{date}'")
    await make_booking()

    for command in ("/bookings", "/pending", "/bookings course:1"):
        await anna.opens(command, shows="Vera")
        assert odd in anna.listed
    # The name is learned by whoever comes first: this search, or the upkeep at the same moment.
    await anna.finds("Vera", f"#{odd} ·")
    await anna.opens(f"/booking {odd}", shows="date unknown")


@pytest.mark.parametrize("date", ["20250-01-01", "infinity"])
async def test_a_list_is_left_and_found_again_below_a_date_that_no_calendar_has(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, date: str
) -> None:
    odd = await make_booking()
    await sql.execute(f"UPDATE bookings SET created_at = '{date}'")
    others = [await make_booking() for _ in range(20)]
    await anna.opens("/bookings", shows="page 1 of 3")
    await anna.press("Next")
    await anna.sees("page 2 of 3")
    await anna.press("‹ Prev")
    await anna.sees("page 1 of 3")
    await anna.press_row(odd)
    await anna.sees("date unknown")

    await anna.press("All bookings")

    await anna.sees("Newest first")
    assert others[-1] in anna.listed


@pytest.mark.parametrize(
    "name", [FAMILY * 36, "\U0001f1e9\U0001f1ea" * 127, "&" * 255, "🧑\u200d" * 127]
)
async def test_a_course_of_any_name_is_on_a_page_that_is_not_too_long(
    desk: None,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    name: str,
) -> None:
    vera.start()
    await sql.execute("INSERT INTO courses (course_id, course_name) VALUES (5, $1)", name)
    for number in range(12):
        await make_booking(course_id=5, first_name=name, course_stream=f"{name[:46]}{number}")
    await sql.execute("UPDATE booking_desk.streams SET name = $1", name)

    await anna.opens("/bookings", shows="12 bookings")
    await anna.opens("/booking 1", shows="Booking #1")
    await anna.press("Confirm")
    await anna.sees("Confirmed")
    await anna.opens("/log", shows="#1")
