"""An admin narrows the list in the filter panel."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from db.models.filters import FilterField
from keyboards.payloads.filters import ChoiceButton
from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_choices_add_up_and_say_what_they_would_leave(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/bookings", shows="4 bookings")
    await anna.press("Filter")
    await anna.sees("nothing yet", "Status: any ›", "Period: any ›", "Show 4")
    await anna.press("Stream: any")
    await anna.sees("7th_stream 3", "north 1")
    await anna.choose("7th_stream")
    await anna.sees("Filter: stream 7th_stream", "Stream: 7th_stream ›", "Show 3 bookings")
    await anna.press("Status: any")
    await anna.choose("⏳ Pending 2")
    await anna.sees("Filter: ⏳ Pending · stream 7th_stream", "Show 2 bookings")

    await anna.press("Show")

    await anna.sees("Filter: ⏳ Pending · stream 7th_stream", "2 bookings · page 1 of 1")
    assert anna.listed == [school["pending"], school["today"]]


async def test_the_panel_of_a_tab_begins_with_its_status(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/pending", shows="3 bookings")
    await anna.press("Filter")
    await anna.sees("Filter: ⏳ Pending", "Status: ⏳ Pending ›", "Show 3 bookings")
    await anna.press("Status")
    await anna.sees("✓ ⏳ Pending 3", "✅ Confirmed 1")


async def test_every_course_and_stream_is_within_reach(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    for n in range(1, 12):
        await make_booking(course_id=n, course_stream=f"stream_{n:02}")
    oldest = await make_booking(course_id=1, course_stream="stream_00")
    await anna.opens("/bookings", shows="12 bookings")
    await anna.press("Filter")
    await anna.press("Stream: any")
    await anna.sees("Which stream?", "stream_11 1", "stream_05 1")
    await anna.press("Next")
    await anna.sees("stream_01 1", "Back")
    await anna.choose("stream_01")
    await anna.sees("Filter: stream stream_01", "Show 1 booking")
    await anna.press("Stream: stream_01")
    await anna.press("✖️ Any")
    await anna.sees("nothing yet", "Show 12 bookings")
    await anna.press("Course: any")
    await anna.press("Next")
    await anna.choose("#1 2")
    await anna.sees("Filter: course #1", "Show 2 bookings")
    await anna.press("Stream: any")
    await anna.choose("stream_00 1")
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
    await anna.press("Stream: any")
    await anna.sees("Which stream?")

    streams = [label for label in anna.buttons if "orth" in label or "outh" in label]
    assert streams == ["south 2", "The North 2"]
    await anna.press("‹ Back to the filter")
    await anna.press("Course: any")
    await anna.choose("#2")
    await anna.sees("Filter: course #2")
    await anna.press("Stream: any")
    await anna.sees("South 2 1", "The North 1")


async def test_a_month_is_one_press_and_older_ones_are_two_away(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    today = datetime.now(UTC)
    await make_booking(created_at=today)
    await make_booking(created_at=today.replace(year=today.year - 1, day=15))
    await anna.opens("/bookings", shows="2 bookings")
    await anna.press("Filter")
    this, that = (f"{today:%b} {year}" for year in (today.year, today.year - 1))
    await anna.press("Period: any")
    await anna.choose(this)
    await anna.sees(f"Filter: from 1 {this} · to ", f"Period: from 1 {this} to ", "Show 1 booking")
    await anna.press("Period")
    await anna.press("Months")
    await anna.sees("Which month?", f"✓ {this} 1")
    await anna.press("Next")
    await anna.choose(that)

    await anna.sees(f"Filter: from 1 {that} · to ", "Show 1 booking")


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
    await anna.press("Discount: any")
    await anna.sees("with a discount 2", "without a discount 2")
    await anna.choose("without a discount")
    await anna.sees("Filter: without a discount", "Discount: without ›", "Show 2 bookings")
    await anna.press("Code: any")
    await anna.sees("Which referral code?", "A<b> 0", "ZEN 1", "Back to the filter")
    await anna.choose("A<b>")
    await anna.sees("without a discount · code A<b>", "Show 0 bookings")
    await anna.press("Discount: without")
    await anna.choose("with a discount")
    await anna.press("Show")

    await anna.sees("with a discount · code A<b>", "2 bookings · page 1")
    assert anna.listed == both[::-1]


async def test_a_second_press_drops_a_choice_and_clear_all_drops_them_all(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/bookings confirmed", shows="1 booking")
    await anna.press("Filter")
    await anna.sees("Show 1 booking")
    await anna.press("Status: ✅ Confirmed")
    await anna.sees("Which status?")
    await anna.choose("✅")
    await anna.sees("nothing yet", "Show 4 bookings")
    await anna.press("Status: any")
    await anna.choose("✅")
    await anna.sees("Show 1 booking")
    assert "✖️ Clear all" not in anna.buttons
    await anna.press("Stream: any")
    await anna.choose("north")
    await anna.press("Show 0 bookings")
    await anna.sees("No bookings match")

    await anna.press("Clear all")

    await anna.sees("✅ Confirmed · 1 booking")


async def test_forged_choices_change_nothing(desk: None, anna: Person) -> None:
    await anna.opens("/bookings pending", shows="Filter: ")

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

    await anna.opens("/bookings pending", shows="Filter: ⏳ Pending")


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
        await anna.press("Period")
        await anna.press(f"{end}…")
        await anna.sees(f"{end} which day?")
        for _ in range(back):
            await anna.press("‹")
        await anna.sees("November 2026")
        await anna.forge(anna.choice(day), on=anna.screen).answered()
        await anna.sees(f"{end.lower()} {day} Nov 2026", "Show")

    await anna.press("Show")

    await anna.sees("from 2 Nov 2026 · to 4 Nov 2026", "3 bookings · page 1")
    assert anna.listed == days[3:0:-1]


async def test_a_period_is_not_chosen_backwards(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await anna.opens("/bookings since:2026-11-10", shows="Filter: ")
    await anna.press("Filter")
    await anna.press("Period")
    await anna.press("To…")
    await anna.sees("To which day?")

    day = date(2026, 11, 9).toordinal()
    choice = ChoiceButton.of_fields(saved=1, field=FilterField.UNTIL, value=day)
    answer = await anna.forge(choice).answered()

    assert answer.text == "The end date is before the start date."


@pytest.mark.parametrize("deeper", ["🗓 Months ›", "🗓 From…", "🗓 To…"])
async def test_the_calendar_and_the_months_lead_back_to_the_period(
    desk: None, anna: Person, make_booking: MakeBooking, deeper: str
) -> None:
    await make_booking()
    await anna.opens("/pending", shows="1 booking")
    await anna.press("Filter")
    await anna.press("Period: any")
    await anna.press("7 days")
    await anna.press("Period: 7 days")
    await anna.sees(deeper)
    before = anna.buttons

    await anna.press(deeper)
    await anna.press("‹ Back to the period")

    await anna.sees(deeper)
    assert anna.buttons == before
    await anna.press("‹ Back to the filter")
    await anna.sees("Period: 7 days", "Show 1 booking")


async def test_a_calendar_ends_where_dates_end(desk: None, anna: Person) -> None:
    await anna.opens("/bookings pending", shows="Filter: ")

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

    await anna.opens("/bookings pending", shows="Filter: ⏳ Pending")
