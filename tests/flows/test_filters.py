"""An admin narrows the list, in the panel or in words, and shares what they see."""

import re
from datetime import UTC, datetime

import asyncpg
import pytest

from bot.settings import Settings
from tests.conftest import MakeBooking
from tests.person import Person
from tests.places import open_desk


@pytest.fixture
async def school(make_booking: MakeBooking) -> dict[str, int]:
    """Bookings of two courses, three streams and all statuses."""
    return {
        "pending": await make_booking(course_stream="7th_stream", created_at=None),
        "today": await make_booking(course_stream="7th_stream", referral_code="FRIEND10"),
        "confirmed": await make_booking(course_stream="7th_stream", confirmed=2),
        "other": await make_booking(course_id=2, course_stream="north", confirmed=1),
    }


async def choose(person: Person, label: str) -> None:
    """Press the choice of the panel that begins with `label`."""
    await person.sees(label)
    [choice] = [each for each in person.buttons if each.removeprefix("• ").startswith(label)]
    await person.forge(person.choice(choice), on=person.screen).answered()


async def test_choices_add_up_and_say_what_they_would_leave(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/bookings", shows="4 bookings")
    await anna.press("Filter")
    await anna.sees("nothing yet", "⏳ 3", "✅ 1", "7th_stream 3", "north 1", "today 3", "Show: 4")
    await choose(anna, "7th_stream")
    await anna.sees("Chosen: stream 7th_stream", "• 7th_stream 3", "⏳ 2", "Show: 3")
    await choose(anna, "⏳")
    await anna.sees("Chosen: ⏳ Pending · stream 7th_stream", "Show: 2")

    await anna.press("Show")

    await anna.sees("Chosen: ⏳ Pending · stream 7th_stream", "2 bookings · page 1 of 1")
    assert [
        f"#{school[name]} " in row
        for name, row in zip(["pending", "today"], anna.rows, strict=True)
    ] == [True, True]


async def test_a_second_press_drops_a_choice_and_clear_all_drops_them_all(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/bookings confirmed", shows="1 booking")
    await anna.press("Filter")
    await anna.sees("Show: 1")
    await choose(anna, "✅")
    await anna.sees("nothing yet", "Show: 4")
    await choose(anna, "✅")
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
        ("stream:7 since:2025-09-01 until:2099-12-31 confirmed", ["confirmed"]),
        ("undelivered", []),
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
        ("course:99999999999999999999", "I don't understand: course:9999"),
        ("since:2025-09-02 until:2025-09-01", "The period ends before it begins"),
        ("<b>%_'", "I don't understand: <b>%_'"),
    ],
)
async def test_what_means_nothing_is_named(
    desk: None, anna: Person, school: dict[str, int], words: str, answer: str
) -> None:
    await anna.opens(f"/bookings {words}", shows=answer)


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


async def test_forged_choices_change_nothing(desk: None, anna: Person) -> None:
    await anna.opens("/bookings pending", shows="Chosen")

    for data in (
        "h1:1:s:99",
        "h1:1:d:5",
        "h1:1:w:-1",
        "h1:zz:s:1",
        "h1:1:t:zzzz",
        "h1:0:s:1",
        "f1:0",
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
