"""An admin narrows the list by words after a command."""

from typing import Final

import asyncpg
import pytest

from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_the_chosen_line_names_courses_and_streams_as_the_school_does(
    desk: None, anna: Person, boris: Person, school: dict[str, int], sql: asyncpg.Connection
) -> None:
    await sql.execute("UPDATE booking_desk.courses SET name = '<i>Art' WHERE course_id = 2")
    await sql.execute("UPDATE booking_desk.streams SET name = 'Север 99' WHERE code = 'north'")

    await anna.opens("/bookings stream:99", shows="I don't understand: stream:99")
    await anna.opens("/bookings course:art stream:север", shows="course <i>Art · stream Север 99")
    await boris.opens("/bookings курс:ART", shows="Фильтр: курс <i>Art")


async def test_a_stream_is_called_by_a_part_of_its_name(
    desk: None, anna: Person, school: dict[str, int], sql: asyncpg.Connection
) -> None:
    await sql.execute(
        "UPDATE booking_desk.streams SET name = 'Север, осень 99%' WHERE code = 'north'"
    )

    for stream in ("осень", "СЕВЕР", "север,"):
        await anna.opens(f"/bookings поток:{stream}", shows="stream Север, осень 99%")


FOUND: Final = [
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
]
"""Words, and the bookings that they find."""


async def test_words_in_any_order_open_the_same_lists(
    desk: None, anna: Person, school: dict[str, int], subtests: pytest.Subtests
) -> None:
    for words, found in FOUND:
        with subtests.test(words=words):
            await anna.opens(f"/bookings {words}", shows="Filter: ")

            assert anna.listed == [school[n] for n in found]


MEANINGLESS: Final = [
    ("pending blue stream:99", "I don't understand: blue stream:99"),
    ("since:2025-02-30", "I don't understand: since:2025-02-30"),
    ("month:2025-13 month:", "I don't understand: month:2025-13 month:"),
    ("until:30.02.2025 с:1.9", "I don't understand: until:30.02.2025 с:1.9"),
    ("course: stream: code:", "I don't understand: course: stream: code:"),
    ("course:99999999999999999999", "I don't understand: course:9999"),
    ("x" * 3000, "I don't understand: " + "x" * 200),
    ("since:2025-09-02 until:2025-09-01", "The end date is before the start date"),
    ("<b>%_'", "I don't understand: <b>%_'"),
]
"""Words, and the answer."""


async def test_what_means_nothing_is_named(
    desk: None, anna: Person, school: dict[str, int], subtests: pytest.Subtests
) -> None:
    for words, answer in MEANINGLESS:
        with subtests.test(words=words[:80]):
            await anna.opens(f"/bookings {words}", shows=answer)


async def test_words_behind_pending_narrow_those_who_wait(
    desk: None, anna: Person, school: dict[str, int]
) -> None:
    await anna.opens("/pending stream:7 today", shows="Filter: ")
    assert anna.listed == [school["today"]]

    await anna.opens("/pending blue", shows="I don't understand: blue")
    await anna.opens("/pending confirmed", shows="These cannot go together: pending confirmed")
    await anna.opens("/pending pending ждут", shows="Filter: ")


EXCLUSIVE: Final = [
    ("pending stream:7 confirmed", "pending confirmed"),
    ("week since:2025-01-01", "week since:2025-01-01"),
    ("until:2025-01-01 course:2 today", "until:2025-01-01 today"),
    ("month:2025-09 since:2025-09-10", "month:2025-09 since:2025-09-10"),
    ("discount nodiscount", "discount nodiscount"),
    ("waiting доставлено", "waiting доставлено"),
    (f"code:{'x' * 64} code:<b>", f"code:{'x' * 64} code:<b>"),
]
"""Words, and those of them that the answer names."""


async def test_words_that_exclude_each_other_are_named(
    desk: None, anna: Person, school: dict[str, int], subtests: pytest.Subtests
) -> None:
    for words, named in EXCLUSIVE:
        with subtests.test(words=words[:80]):
            await anna.opens(f"/bookings {words}", shows=f"These cannot go together: {named}\n")


async def test_a_word_for_several_streams_asks_which_instead_of_taking_the_first(
    desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    for n, code in enumerate(("north_1", "north_2", "south")):
        await make_booking(course_stream=code, first_name=code, user_id=700 + n)
    await sql.execute(
        "UPDATE booking_desk.streams SET name = 'North, ' || code WHERE code <> 'south'"
    )

    await anna.opens("/bookings pending stream:north", shows="Which one?")
    assert anna.buttons == ["North, north_2 (north_2)", "North, north_1 (north_1)"]
    await anna.press("north_1")
    await anna.sees("Filter: ⏳ Pending · stream North, north_1", "1 booking ·")

    await boris.opens("поток:north", shows="Что показать?")
    await boris.press("north_2")
    await boris.sees("Фильтр: поток North, north_2")

    await anna.opens('/bookings stream:"North, north_2"', shows="Filter: stream North, north_2")
    await anna.opens("/bookings stream:north_1", shows="Filter: stream North, north_1")


async def test_a_part_of_several_courses_asks_which(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    for course in (1, 2, 3):
        await make_booking(course_id=course, user_id=700 + course)
    await sql.execute(
        "UPDATE booking_desk.courses SET name = (ARRAY['Drawing', 'Drawing II', 'Ink'])[course_id]"
    )

    await anna.opens("/bookings course:draw", shows="Which one?")
    assert anna.buttons == ["Drawing II", "Drawing"]

    await anna.opens("/bookings course:drawing", shows="Filter: course Drawing\n")


async def test_a_search_for_the_name_of_a_stream_offers_its_list(
    desk: None, anna: Person, boris: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking(course_stream="w1", first_name="Olga")
    await sql.execute("UPDATE booking_desk.streams SET name = 'Weekends'")

    await anna.opens("Weekends", shows="🎛 Show stream Weekends ›")
    await anna.press("Show stream")
    await anna.sees("Filter: stream Weekends", "1 booking")

    await boris.opens("weeke", shows="🎛 Показать поток Weekends ›")
