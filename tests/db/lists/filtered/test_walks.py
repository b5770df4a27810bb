"""Walks through filtered lists, also while bookings are added and leave, and to the last page."""

import asyncio
import itertools
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.services.lists.paging import PAGE_SIZE
from db.connection import Connection
from db.models.bookings import BookingStatus
from db.models.counts import AtLeast
from db.models.filters import Filter
from db.models.lists import Cursor, Edge
from tests.db.lists.walks import Walker, ids
from tests.support.school import MakeBooking

WALKED = "INSERT INTO bookings (user_id, course_stream, confirmed, created_at)"
OLD = "'2026-01-01Z'::timestamptz + n * interval '1 minute'"


@pytest.mark.parametrize(
    "filter_",
    [
        Filter(stream="walked", status=BookingStatus.PENDING),
        Filter(stream="walked", status=BookingStatus.PENDING, discount=False),
    ],
    ids=str,
)
async def test_a_walk_over_10_000_that_come_and_go_shows_every_one_that_stayed_exactly_once(
    anna: Walker, sql: Connection, filter_: Filter
) -> None:
    await sql.execute(f"{WALKED} SELECT 1, 'walked', 1, {OLD} FROM generate_series(1, 10000) AS n")
    seen_enough = asyncio.Event()
    changing = asyncio.create_task(change(sql, seen_enough))

    seen = await anna.walks(await anna.opens(filter_))
    seen_enough.set()
    await changing

    stayed = await sql.fetch("SELECT id FROM bookings WHERE confirmed = 1 AND id <= 10000")
    assert len(stayed) < 10_000
    assert len(seen) == len(set(seen))
    assert {row["id"] for row in stayed} <= set(seen)


async def change(sql: Connection, enough: asyncio.Event) -> None:
    """Confirm bookings all over the list, and make new ones."""
    for n in itertools.takewhile(lambda _: not enough.is_set(), itertools.count(1)):
        await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", n * 7919 % 10_000)
        await sql.execute(
            f"{WALKED} SELECT 2, 'walked', 1, {OLD} FROM (SELECT $1::integer AS n) AS made",
            n * 6007 % 10_000,
        )


async def test_the_one_that_fits_is_found_however_far_behind_the_others_it_lies(
    anna: Walker, crowd: Connection
) -> None:
    rare = await crowd.fetchval(
        """
        INSERT INTO bookings (user_id, course_id, course_stream, confirmed, created_at)
        VALUES (1, 77, 'stream_1', 2, '2020-01-01Z') RETURNING id
        """
    )

    booking_list = await anna.opens(Filter(stream="stream_1", course=77))

    assert (booking_list.page.items, str(booking_list.page.total)) == ([], "0+")
    assert await anna.walks(booking_list) == [rare]
    page = (await anna.turns(booking_list.key, Cursor(Edge.LAST))).page
    assert ids(page.items) == [rare]
    assert page.previous


@pytest.mark.parametrize("discount", [None, False])
async def test_beyond_what_is_counted_a_page_is_at_least_its_number_and_knows_whether_more_follow(
    anna: Walker, crowd: Connection, discount: bool | None
) -> None:
    filter_ = Filter(stream="stream_1", discount=discount)
    key = (await anna.opens(filter_)).key

    page = (await anna.turns(key, Cursor(Edge.AFTER, 10_000))).page
    assert all(isinstance(count, AtLeast) for count in (page.total, page.number, page.last))

    page = (await anna.turns(key, Cursor(Edge.LAST))).page
    assert isinstance(page.number, AtLeast)
    assert page.next is None
    assert page.previous
    page = (await anna.turns(key, page.previous)).page
    assert page.next
    page = (await anna.turns(key, page.next)).page
    assert page.next is None


async def test_a_list_that_nothing_fits_is_looked_through_from_either_end(
    anna: Walker, crowd: Connection
) -> None:
    first = await anna.opens(Filter(stream="stream_1", course=77))

    last = await anna.turns(first.key, Cursor(Edge.LAST))

    page = last.page
    assert (page.items, bool(page.previous), page.next) == ([], True, None)
    assert await anna.walks_back(last) == []
    assert await anna.walks(first) == []


async def test_a_deleted_anchor_leads_to_the_first_page(anna: Walker, crowd: Connection) -> None:
    first = await anna.opens(Filter(stream="stream_2"))
    deleted = first.page.items[-1].id
    await crowd.execute("DELETE FROM bookings WHERE id = $1", deleted)

    page = (await anna.turns(first.key, Cursor(Edge.AFTER, deleted))).page

    assert ids(page.items)[: PAGE_SIZE - 1] == ids(first.page.items)[: PAGE_SIZE - 1]


async def test_a_day_begins_and_ends_at_the_schools_midnight_also_when_clocks_change(
    anna: Walker, make_booking: MakeBooking
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    inside = [
        await make_booking(created_at=datetime(2026, 3, 29, hour, minute, tzinfo=berlin))
        for hour, minute in ((0, 0), (1, 59), (23, 59))
    ]
    for at in (datetime(2026, 3, 28, 23, 59, tzinfo=berlin), datetime(2026, 3, 30, tzinfo=berlin)):
        await make_booking(created_at=at)

    day = date(2026, 3, 29)
    booking_list = await anna.opens(Filter(since=day, until=day))

    assert sorted(booking.id for booking in booking_list.page.items) == inside
