"""A filtered list is kept: links, cards and old buttons lead back to it."""

import re

import asyncpg
import pytest

from bot.settings import Settings
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_cards_and_pages_of_a_filtered_list_lead_back_to_it(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.start()
    made = [await make_booking(course_stream="south") for _ in range(10)]
    await anna.opens("/bookings pending stream:south", shows="page 1 of 2")

    await anna.press("Next")
    await anna.sees("page 2 of 2")
    await anna.press_row(made[9])
    await anna.sees(f"Booking #{made[9]}")
    await anna.press("Confirm")
    await anna.sees("Confirmed")
    await anna.press("Back")

    await anna.sees("9 bookings · page 2 of 2")
    assert made[8] in anna.listed


async def test_a_link_opens_the_list_for_an_admin_after_a_restart_and_nothing_for_others(
    settings: Settings, anna: Person, boris: Person, vera: Person, school: dict[str, int]
) -> None:
    async with open_desk(settings):
        await anna.opens("/bookings stream:north", shows="1 booking")
        await anna.press("Filter")
        await anna.sees("Copy link")
        copied = anna.button("Copy link").copy_text
    assert copied
    match = re.fullmatch(r"https://t\.me/school_desk_bot\?start=(v_\w+)", copied.text)
    assert match

    async with open_desk(settings):
        boris.start(match[1])
        vera.start(match[1])

        await boris.sees("Фильтр: поток north", f"#{school['other']} ")
        await vera.sees("Vera, these are your bookings")


async def test_a_list_that_is_looked_at_is_not_forgotten(
    desk: None, anna: Person, school: dict[str, int], sql: asyncpg.Connection
) -> None:
    await anna.opens("/bookings stream:north", shows="1 booking")
    long_ago = "UPDATE booking_desk.saved_queries SET used_at = now() - interval '399 days'"
    is_fresh = "SELECT used_at > now() - interval '1 day' FROM booking_desk.saved_queries"

    await sql.execute(long_ago)
    await anna.opens("/start v_1", shows="Filter: stream north")
    assert await sql.fetchval(is_fresh)

    await sql.execute(long_ago)
    await anna.press_row(school["other"])
    await anna.press("Back")
    await anna.sees("Filter: stream north")
    assert await sql.fetchval(is_fresh)


@pytest.mark.parametrize("payload", ["v_", "v_zzzz", "v_-1", "v_zzzzzzzzzzzzzz"])
async def test_a_link_to_nothing_says_so(desk: None, anna: Person, payload: str) -> None:
    anna.start(payload)

    await anna.sees("This list has expired")


async def test_a_stream_that_has_vanished_leaves_a_list_that_can_be_cleared(
    desk: None, anna: Person, school: dict[str, int], sql: asyncpg.Connection
) -> None:
    await anna.opens("/bookings stream:north", shows="1 booking")
    await sql.execute("DELETE FROM bookings WHERE course_stream = 'north'")
    await sql.execute("DELETE FROM booking_desk.streams WHERE code = 'north'")

    await anna.press("Filter")
    await anna.sees("Filter: stream north", "Show 0 bookings")
    await anna.press("Show")
    await anna.sees("No bookings match")
    await anna.press("Clear all")

    await anna.sees("3 bookings")


async def test_a_choice_that_has_vanished_says_so_and_drops_nothing(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking(course_stream="south", referral_code="OLD")
    await make_booking(course_stream="north", referral_code="NEW")
    await anna.opens("/bookings stream:north code:new", shows="Filter: stream north · code new")
    await anna.press("Filter")
    await anna.press("Stream")
    await anna.sees("south 0")
    stream = anna.choice("south 0")
    await anna.press("Back to the filter")
    await anna.press("Code: new")
    await anna.sees("Which referral code?")
    code = anna.choice("OLD 0")
    await sql.execute("DELETE FROM booking_desk.streams WHERE code = 'south'")
    await sql.execute("DELETE FROM bookings WHERE referral_code = 'OLD'")

    answers = [await anna.forge(data).answered() for data in (stream, code)]
    await anna.press("Back to the filter")

    assert {answer.text for answer in answers} == {"That is gone. Nothing was changed."}
    await anna.sees("Filter: stream north · code new")


async def test_a_button_of_a_filter_long_forgotten_says_so(
    desk: None, anna: Person, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await make_booking()
    await anna.opens("/bookings pending course:1", shows="1 booking")
    await anna.press("Filter")
    await anna.sees("Show 1 booking")
    await sql.execute("DELETE FROM booking_desk.saved_queries")

    for label in ("Show", "Period", "Status"):
        answer = await anna.press(label)
        assert "This list has expired" in (answer.text or "")
