"""An admin narrows the list, in the panel or in words, and shares what they see."""

import re
from datetime import UTC, date, datetime

import asyncpg
import pytest

from bot.settings import Settings
from db.models.filters import FilterField
from keyboards.payloads.filters import ChoiceButton
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking


@pytest.fixture
async def school(make_booking: MakeBooking) -> dict[str, int]:
    """Bookings of two courses, three streams and all statuses."""
    return {
        "pending": await make_booking(course_stream="7th_stream", created_at=None),
        "today": await make_booking(course_stream="7th_stream", referral_code="FRIEND10"),
        "confirmed": await make_booking(course_stream="7th_stream", confirmed=2),
        "other": await make_booking(course_id=2, course_stream="north", confirmed=1),
    }


async def test_choices_add_up_and_say_what_they_would_leave(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/bookings", shows="4 bookings")
    await anna.press("Filter")
    await anna.sees("nothing yet", "⏳ 3", "✅ 1", "7th_stream 3", "north 1", "today 3", "Show: 4")
    await anna.choose("7th_stream")
    await anna.sees("Chosen: stream 7th_stream", "• 7th_stream 3", "⏳ 2", "Show: 3")
    await anna.choose("⏳")
    await anna.sees("Chosen: ⏳ Pending · stream 7th_stream", "Show: 2")

    await anna.press("Show")

    await anna.sees("Chosen: ⏳ Pending · stream 7th_stream", "2 bookings · page 1 of 1")
    assert [
        f"#{school[name]} " in row
        for name, row in zip(["pending", "today"], anna.rows, strict=True)
    ] == [True, True]


async def test_the_panel_of_a_tab_begins_with_its_status(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/pending", shows="3 bookings")
    await anna.press("Filter")
    await anna.sees("Chosen: ⏳ Pending", "• ⏳ 3", "Show: 3")


async def test_every_course_and_stream_is_within_reach(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    for n in range(1, 12):
        await make_booking(course_id=n, course_stream=f"stream_{n:02}")
    oldest = await make_booking(course_id=1, course_stream="stream_00")
    await anna.opens("/bookings", shows="12 bookings")
    await anna.press("Filter")
    await anna.press("All streams")
    await anna.sees("Which stream?", "stream_11 1", "stream_05 1")
    await anna.press("Next")
    await anna.sees("stream_01 1", "Back")
    await anna.choose("stream_01")
    await anna.sees("Chosen: stream stream_01", "• stream stream_01", "Show: 1")
    await anna.press("• stream stream_01")
    await anna.sees("nothing yet", "Show: 12")
    await anna.press("All courses")
    await anna.press("Next")
    await anna.choose("#1 2")
    await anna.sees("Chosen: course #1", "stream_00 1", "Show: 2")
    await anna.choose("stream_00")
    await anna.press("Show")

    await anna.sees("course #1 · stream stream_00", f"#{oldest} ")


async def test_a_stream_of_several_courses_is_one_choice(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    for course in (1, 2):
        await make_booking(course_id=course, course_stream="north")
        await make_booking(course_id=course, course_stream="south")
    await sql.execute("UPDATE booking_desk.streams SET name = 'The North' WHERE code = 'north'")
    await sql.execute(
        "UPDATE booking_desk.streams SET name = 'South ' || course_id WHERE code = 'south'"
    )

    await anna.opens("/bookings", shows="4 bookings")
    await anna.press("Filter")
    await anna.sees("Show: 4")

    streams = [label for label in anna.buttons if "orth" in label or "outh" in label]
    assert streams == ["south 2", "The North 2"]
    await anna.choose("#2")
    await anna.sees("Chosen: course #2", "South 2 1", "The North 1")


async def test_a_month_is_one_press_and_older_ones_are_two_away(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    today = datetime.now(UTC)
    await make_booking(created_at=today)
    await make_booking(created_at=today.replace(year=today.year - 1, day=15))
    await anna.opens("/bookings", shows="2 bookings")
    await anna.press("Filter")
    this, that = (f"{today:%b} {year}" for year in (today.year, today.year - 1))
    await anna.choose(this)
    await anna.sees(f"Chosen: from 1 {this} · to ", f"• {this} 1", "Show: 1")
    await anna.press("Months")
    await anna.sees("Which month?", f"• {this} 1")
    await anna.press("Next")
    await anna.choose(that)

    await anna.sees(f"Chosen: from 1 {that} · to ", "Show: 1")


async def test_discounts_and_referral_codes_are_chosen_in_the_panel(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    both = [
        await make_booking(referral_code=code, discount_percent=20) for code in ("A<b>", "a<B>")
    ]
    await make_booking(referral_code="ZEN")
    await make_booking()
    await anna.opens("/bookings", shows="4 bookings")
    await anna.press("Filter")
    await anna.sees("with a discount 2", "without a discount 2")
    await anna.choose("without a discount")
    await anna.sees("Chosen: without a discount", "Show: 2")
    await anna.press("Codes")
    await anna.sees("Which referral code?", "A<b> 0", "ZEN 1", "Back to the filter")
    await anna.choose("A<b>")
    await anna.sees("without a discount · code A<b>", "Show: 0")
    await anna.choose("with a discount")
    await anna.press("Show")

    await anna.sees("with a discount · code A<b>", "2 bookings")
    assert [f"#{n} " in row for n, row in zip(both[::-1], anna.rows, strict=True)] == [True, True]


async def test_the_chosen_line_names_courses_and_streams_as_the_school_does(
    desk: None, anna: Person, boris: Person, school: dict[str, int], sql: asyncpg.Connection
) -> None:
    await sql.execute("UPDATE booking_desk.courses SET name = '<i>Art' WHERE course_id = 2")
    await sql.execute("UPDATE booking_desk.streams SET name = 'Север 99' WHERE code = 'north'")

    await anna.opens("/bookings stream:99", shows="I don't understand: stream:99")
    await anna.opens("/bookings course:art stream:север", shows="course <i>Art · stream Север 99")
    await boris.opens("/bookings курс:ART", shows="Выбрано: курс <i>Art")


@pytest.mark.parametrize("stream", ["осень", "СЕВЕР", "север,"])
async def test_a_stream_is_called_by_a_part_of_its_name(
    desk: None, anna: Person, school: dict[str, int], sql: asyncpg.Connection, stream: str
) -> None:
    await sql.execute(
        "UPDATE booking_desk.streams SET name = 'Север, осень 99%' WHERE code = 'north'"
    )

    await anna.opens(f"/bookings поток:{stream}", shows="stream Север, осень 99%")


async def test_a_second_press_drops_a_choice_and_clear_all_drops_them_all(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/bookings confirmed", shows="1 booking")
    await anna.press("Filter")
    await anna.sees("Show: 1")
    await anna.choose("✅")
    await anna.sees("nothing yet", "Show: 4")
    await anna.choose("✅")
    await anna.sees("Show: 1")
    await anna.press("Show")
    await anna.sees("Chosen: ✅ Confirmed", "page 1 of 1")

    await anna.press("Clear all")

    await anna.sees("4 bookings")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("pending stream:7", ["pending", "today"]),
        ("stream:7th_stream PENDING today", ["today"]),
        ("code:friend10", ["today"]),
        ("course:2", ["other"]),
        ("ждут поток:north", ["other"]),
        ("since:2025-09-01 stream:7 pending", ["today"]),
        ("until:2025-09-01", ["pending"]),
        ("по:1.9.2025", ["pending"]),
        ("с:01.09.2025 поток:7 ждут", ["today"]),
        ("stream:7 since:2025-09-01 until:2099-12-31 confirmed", ["confirmed"]),
        ("undelivered", []),
        ("month:2025-08", []),
        ("nodiscount месяц:2099-01", []),
        ("безскидки course:2", ["other"]),
        ("until:9999-12-31 since:0001-01-01 course:2", ["other"]),
    ],
)
async def test_words_in_any_order_open_the_same_lists(
    desk: None, anna: Person, school: dict[str, int], words: str, found: list[str]
) -> None:
    await anna.opens(f"/bookings {words}", shows="Chosen: ")

    assert [row.split("#")[1].split()[0] for row in anna.rows] == [str(school[n]) for n in found]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("pending blue stream:99", "I don't understand: blue stream:99"),
        ("since:2025-02-30", "I don't understand: since:2025-02-30"),
        ("month:2025-13 month:", "I don't understand: month:2025-13 month:"),
        ("until:30.02.2025 с:1.9", "I don't understand: until:30.02.2025 с:1.9"),
        ("course: stream: code:", "I don't understand: course: stream: code:"),
        ("course:99999999999999999999", "I don't understand: course:9999"),
        ("x" * 3000, "I don't understand: " + "x" * 200),
        ("since:2025-09-02 until:2025-09-01", "The period ends before it begins"),
        ("<b>%_'", "I don't understand: <b>%_'"),
    ],
)
async def test_what_means_nothing_is_named(
    desk: None, anna: Person, school: dict[str, int], words: str, answer: str
) -> None:
    await anna.opens(f"/bookings {words}", shows=answer)


async def test_words_behind_pending_narrow_those_who_wait(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/pending stream:7 today", shows="Chosen: ")
    assert [row.split("#")[1].split()[0] for row in anna.rows] == [str(school["today"])]

    await anna.opens("/pending blue", shows="I don't understand: blue")
    await anna.opens("/pending confirmed", shows="These exclude each other: pending confirmed")
    await anna.opens("/pending pending ждут", shows="Chosen: ")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("pending stream:7 confirmed", "pending confirmed"),
        ("week since:2025-01-01", "week since:2025-01-01"),
        ("until:2025-01-01 course:2 today", "until:2025-01-01 today"),
        ("month:2025-09 since:2025-09-10", "month:2025-09 since:2025-09-10"),
        ("discount nodiscount", "discount nodiscount"),
        ("waiting доставлено", "waiting доставлено"),
        (f"code:{'x' * 64} code:<b>", f"code:{'x' * 64} code:<b>"),
    ],
)
async def test_words_that_exclude_each_other_are_named(
    desk: None, anna: Person, school: dict[str, int], words: str, named: str
) -> None:
    await anna.opens(f"/bookings {words}", shows=f"These exclude each other: {named}\n")


async def test_cards_and_pages_of_a_filtered_list_lead_back_to_it(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    made = [await make_booking(course_stream="south") for _ in range(10)]
    await anna.opens("/bookings pending stream:south", shows="page 1 of 2")

    await anna.press("Next")
    await anna.sees("page 2 of 2")
    await anna.press(f"#{made[9]} ")
    await anna.sees(f"Booking #{made[9]}")
    await anna.press("Confirm")
    await anna.sees("Confirmed")
    await anna.press("Back")

    await anna.sees("9 bookings · page 2 of 2", f"#{made[8]} ")


async def test_a_link_opens_the_list_for_an_admin_after_a_restart_and_nothing_for_others(
    settings: Settings, anna: Person, boris: Person, vera: Person, school: dict[str, int]
) -> None:
    async with open_desk(settings):
        await anna.opens("/bookings stream:north", shows="1 booking")
        await anna.press("Filter")
        await anna.sees("Copy the link")
        copied = anna.button("Copy the link").copy_text
    assert copied
    match = re.fullmatch(r"https://t\.me/school_desk_bot\?start=(v_\w+)", copied.text)
    assert match

    async with open_desk(settings):
        boris.start(match[1])
        vera.start(match[1])

        await boris.sees("Выбрано: поток north", f"#{school['other']} ")
        await vera.sees("Vera, these are your bookings")


async def test_a_list_that_is_looked_at_is_not_forgotten(
    desk: None, anna: Person, school: dict[str, int], sql: asyncpg.Connection
) -> None:
    await anna.opens("/bookings stream:north", shows="1 booking")
    long_ago = "UPDATE booking_desk.saved_queries SET used_at = now() - interval '399 days'"
    is_fresh = "SELECT used_at > now() - interval '1 day' FROM booking_desk.saved_queries"

    await sql.execute(long_ago)
    await anna.opens("/start v_1", shows="Chosen: stream north")
    assert await sql.fetchval(is_fresh)

    await sql.execute(long_ago)
    await anna.press(f"#{school['other']} ")
    await anna.press("Back")
    await anna.sees("Chosen: stream north")
    assert await sql.fetchval(is_fresh)


@pytest.mark.parametrize("payload", ["v_", "v_zzzz", "v_-1", "v_zzzzzzzzzzzzzz"])
async def test_a_link_to_nothing_says_so(desk: None, anna: Person, payload: str) -> None:
    anna.start(payload)

    await anna.sees("This list is too old")


async def test_a_stream_that_has_vanished_leaves_a_list_that_can_be_cleared(
    desk: None, anna: Person, school: dict[str, int], sql: asyncpg.Connection
) -> None:
    await anna.opens("/bookings stream:north", shows="1 booking")
    await sql.execute("DELETE FROM bookings WHERE course_stream = 'north'")
    await sql.execute("DELETE FROM booking_desk.streams WHERE code = 'north'")

    await anna.press("Filter")
    await anna.sees("Chosen: stream north", "Show: 0")
    await anna.press("Show")
    await anna.sees("No booking fits all of this")
    await anna.press("Clear all")

    await anna.sees("3 bookings")


async def test_a_choice_that_has_vanished_says_so_and_drops_nothing(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking(course_stream="south", referral_code="OLD")
    await make_booking(course_stream="north", referral_code="NEW")
    await anna.opens("/bookings stream:north code:new", shows="Chosen: stream north · code new")
    await anna.press("Filter")
    await anna.sees("south 0")
    stream = anna.choice("south 0")
    await anna.press("Codes")
    await anna.sees("Which referral code?")
    code = anna.choice("OLD 0")
    await sql.execute("DELETE FROM booking_desk.streams WHERE code = 'south'")
    await sql.execute("DELETE FROM bookings WHERE referral_code = 'OLD'")

    answers = [await anna.forge(data).answered() for data in (stream, code)]
    await anna.press("Back to the filter")

    assert {answer.text for answer in answers} == {"That is gone. Nothing was changed."}
    await anna.sees("Chosen: stream north · code new")


async def test_forged_choices_change_nothing(desk: None, anna: Person) -> None:
    await anna.opens("/bookings pending", shows="Chosen")

    for data in (
        "h1:1:s:99",
        "h1:1:d:5",
        "h1:1:w:-1",
        "h1:zz:s:1",
        "h1:1:t:zzzz",
        "h1:0:s:1",
        "f1:p",
        "f2:0",
        "f2:v0",
    ):
        await anna.forge(data, on=anna.screen).answered()

    await anna.opens("/bookings pending", shows="Chosen: ⏳ Pending")


async def test_days_are_chosen_from_a_calendar(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    days = [
        await make_booking(created_at=datetime(2026, 11, day, 12, tzinfo=UTC))
        for day in range(1, 6)
    ]
    today = datetime.now(UTC)
    back = (today.year - 2026) * 12 + today.month - 11
    await anna.opens("/bookings course:1", shows="5 bookings")
    await anna.press("Filter")
    for end, day in (("From", "2"), ("To", "4")):
        await anna.press(f"{end}…")
        await anna.sees(f"{end} which day?")
        for _ in range(back):
            await anna.press("‹")
        await anna.sees("11.2026")
        await anna.forge(anna.choice(day), on=anna.screen).answered()
        await anna.sees(f"• {end.lower()} {day} Nov 2026")

    await anna.press("Show")

    await anna.sees("from 2 Nov 2026 · to 4 Nov 2026", "3 bookings")
    assert [row.split("#")[1].split()[0] for row in anna.rows] == [str(n) for n in days[3:0:-1]]


async def test_a_period_is_not_chosen_backwards(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await anna.opens("/bookings since:2026-11-10", shows="Chosen")
    await anna.press("Filter")
    await anna.press("To…")
    await anna.sees("To which day?")

    day = date(2026, 11, 9).toordinal()
    choice = ChoiceButton.of_fields(saved=1, field=FilterField.UNTIL, value=day)
    answer = await anna.forge(choice).answered()

    assert answer.text == "The period ends before it begins."


async def test_a_button_of_a_filter_long_forgotten_says_so(
    desk: None, anna: Person, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await make_booking()
    await anna.opens("/bookings pending", shows="1 booking")
    await anna.press("Filter")
    await anna.sees("Show: 1")
    await sql.execute("DELETE FROM booking_desk.saved_queries")

    for label in ("Show", "Months", "today"):
        answer = await anna.press(label)
        assert "This list is too old" in (answer.text or "")


async def test_a_calendar_ends_where_dates_end(desk: None, anna: Person) -> None:
    await anna.opens("/bookings pending", shows="Chosen")

    for data in (
        "k1:1:f:0",
        "k1:1:f:c",
        "k1:1:u:2kqn",
        "k1:1:u:2klb",
        "k1:1:s:10",
        "h1:1:f:0",
        "h1:1:u:zzzzz",
    ):
        await anna.forge(data, on=anna.screen).answered()

    await anna.opens("/bookings pending", shows="Chosen: ⏳ Pending")
