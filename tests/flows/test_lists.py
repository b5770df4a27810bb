"""An admin reads the lists: order, tabs, pages, and changes during the reading."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from bot.settings import Settings
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


async def make_many(make_booking: MakeBooking, number: int, **fields: object) -> list[int]:
    """Insert bookings a day apart and return their ids, oldest first."""
    return [
        await make_booking(created_at=MARCH + timedelta(days=day), **fields)
        for day in range(number)
    ]


@pytest.mark.parametrize(
    ("command", "newest_first"),
    [("/bookings", True), ("/bookings new", True), ("/pending", False)],
)
async def test_a_list_begins_where_its_readers_begin(
    desk: None, anna: Person, make_booking: MakeBooking, command: str, newest_first: bool
) -> None:
    made = await make_many(make_booking, 3, confirmed=0 if "new" in command else 1)

    await anna.opens(command, shows="3 bookings")

    assert anna.listed == (made[::-1] if newest_first else made)


async def test_a_row_says_who_to_which_stream_since_when_and_among_others_which(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    made = datetime.now(UTC) - timedelta(days=2)
    booking = await make_booking(first_name="Vera", created_at=made)
    await sql.execute("UPDATE booking_desk.streams SET name = 'North, autumn'")

    await anna.opens("/pending", shows="1 booking")
    assert anna.rows == ["Vera · North, autumn · 2 days"]

    await anna.opens("/bookings", shows="1 booking")
    assert anna.rows == [f"⏳ #{booking} · Vera · North, autumn · 2 days"]

    await anna.opens("/bookings pending course:1", shows="1 booking")
    assert anna.rows == ["Vera · North, autumn · 2 days"]


async def test_a_short_row_has_the_course_and_a_student_without_a_name_is_called_so(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    made = datetime.now(UTC) - timedelta(days=2)
    await make_booking(first_name="Vera", created_at=made)
    await make_booking(first_name="110", username=None, user_id=110, created_at=made)
    await make_booking(first_name=" ", username="jb", created_at=made)
    await sql.execute("UPDATE booking_desk.courses SET name = 'Art'")
    await sql.execute("UPDATE booking_desk.streams SET name = 'A, B'")

    await anna.opens("/pending", shows="3 bookings")

    assert anna.rows == [
        "Vera · Art: A, B · 2 days",
        "no name (id 110) · A, B · 2 days",
        "@jb · Art: A, B · 2 days",
    ]


async def test_each_tab_counts_its_status_and_all_counts_the_unknown_too(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    for code in (0, 1, 1, 2, 2, 2, -1, 7, None):
        await make_booking(confirmed=code)

    await anna.opens("/bookings", shows="9 bookings")

    tabs = [label for label in anna.buttons if label not in anna.rows][:5]
    assert tabs == ["✓📋", "🆕 1", "⏳ 2", "✅ 3", "🚫 1"]
    assert (
        "📋 All 9 · 🆕 New 1 · ⏳ Pending 2 · ✅ Confirmed 3 · 🚫 Cancelled 1" in anna.screen.text
    )


async def test_a_tab_shows_its_status_alone(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    bookings = {code: await make_booking(confirmed=code) for code in (0, 1, 2, -1)}
    await anna.opens("/bookings", shows="4 bookings")

    for tab, code in {"🆕 1": 0, "⏳ 1": 1, "✅ 1": 2, "🚫 1": -1}.items():
        await anna.press(tab)
        await anna.sees(f"✓{tab.split()[0]}")
        assert anna.listed == [bookings[code]]


async def test_only_the_ways_that_lead_somewhere_are_offered(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_many(make_booking, 20)

    await anna.opens("/pending", shows="page 1 of 3")
    first = anna.buttons[-3:]
    await anna.press("Next ›")
    await anna.sees("page 2 of 3")
    middle = anna.buttons[-3:]
    await anna.press("Next ›")
    await anna.sees("page 3 of 3")
    last = anna.buttons[-3:]

    assert first == ["1 / 3", "Next ›", "3 »"]
    assert middle == ["‹ Prev", "2 / 3", "Next ›"]
    assert last == ["« 1", "‹ Prev", "3 / 3"]


async def test_a_list_of_one_page_offers_no_pages(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_many(make_booking, 8)

    await anna.opens("/pending", shows="page 1 of 1")

    assert anna.buttons[-2:] == ["🎛 Filter", "🔄 Refresh"]


async def test_pages_turned_forth_and_back_are_the_same_pages(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    made = await make_many(make_booking, 20)
    forth: list[list[int]] = []
    back: list[list[int]] = []

    await anna.opens("/pending", shows="page 1 of 3")
    for number in (2, 3):
        forth.append(anna.listed)
        await anna.press("Next ›")
        await anna.sees(f"page {number} of 3")
    forth.append(anna.listed)
    for number in (2, 1):
        back.insert(0, anna.listed)
        await anna.press("‹ Prev")
        await anna.sees(f"page {number} of 3")
    back.insert(0, anna.listed)

    assert forth == back == [made[:8], made[8:16], made[16:]]


async def test_an_empty_list_says_what_will_appear_there(desk: None, anna: Person) -> None:
    says = {
        "📋 0": "The first one appears here as soon as a student books",
        "🆕 0": "Bookings without a payment receipt appear here",
        "✅ 0": "Bookings appear here once you confirm them",
        "🚫 0": "Cancelled bookings appear here",
        "⏳ 0": "Nobody is waiting",
    }
    await anna.opens("/pending", shows="Nobody is waiting")

    for tab, words in says.items():
        await anna.press(tab)
        await anna.sees(words)


async def test_buttons_drawn_before_a_restart_work_after_it(
    settings: Settings, anna: Person, make_booking: MakeBooking
) -> None:
    made = await make_many(make_booking, 9)
    async with open_desk(settings):
        await anna.opens("/pending", shows="page 1 of 2")

    async with open_desk(settings):
        await anna.press("Next ›")
        await anna.sees("page 2 of 2")
        await anna.press_row(made[8])
        await anna.sees(f"Booking #{made[8]}")


async def test_a_page_whose_bookings_were_all_decided_shows_the_nearest_one(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.start()
    made = await make_many(make_booking, 9)
    await anna.opens("/pending", shows="page 1 of 2")
    await anna.press("Next ›")
    await anna.sees("page 2 of 2")

    await anna.press_row(made[8])
    await anna.sees("Booking")
    await anna.press("Confirm")
    await anna.sees("Confirmed")
    await anna.press("Back to the list")
    await anna.sees("page 1 of 1")

    assert anna.listed == made[:8]


async def test_the_way_back_from_a_card_leads_to_its_page(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    made = await make_many(make_booking, 20)
    await anna.opens("/bookings", shows="page 1 of 3")
    await anna.press("Next ›")
    await anna.sees("page 2 of 3")

    await anna.press_row(made[5])
    await anna.sees(f"Booking #{made[5]}")
    await anna.press("Back to the list")
    await anna.sees("page 2 of 3")

    assert anna.listed == made[4:12][::-1]


async def test_a_page_drawn_twice_is_no_error(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_many(make_booking, 9)
    await anna.opens("/pending", shows="page 1 of 2")

    answers = [await anna.press("1 / 2") for _ in range(2)]

    assert [answer.text for answer in answers] == [None, None]
