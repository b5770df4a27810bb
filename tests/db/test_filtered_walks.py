"""Walks through filtered lists: whatever comes and goes meanwhile, and however far they lead."""

import asyncio
import itertools
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.services.bookings import BookingService
from bot.services.filters import FilterService
from bot.services.paging import PAGE_SIZE
from db.connection import Connection
from db.models import AtLeast, BookingStatus, Edge, Filter, Place
from tests.db.walks import ANNA, ids, walked
from tests.support.school import MakeBooking

WALKED = "INSERT INTO bookings (user_id, course_stream, confirmed, created_at)"
OLD = "'2026-01-01Z'::timestamptz + n * interval '1 minute'"


@pytest.mark.parametrize(
    "chosen",
    [
        Filter(stream="walked", status=BookingStatus.PENDING),
        Filter(stream="walked", status=BookingStatus.PENDING, discount=False),
    ],
    ids=str,
)
async def test_a_walk_over_10_000_that_come_and_go_shows_every_one_that_stayed_exactly_once(
    filters: FilterService, bookings: BookingService, sql: Connection, chosen: Filter
) -> None:
    await sql.execute(f"{WALKED} SELECT 1, 'walked', 1, {OLD} FROM generate_series(1, 10000) AS n")
    seen_enough = asyncio.Event()
    changing = asyncio.create_task(change(sql, seen_enough))

    seen = await walked(bookings, (await filters.open(chosen, by=ANNA)).page)
    seen_enough.set()
    await changing

    stayed = await sql.fetch("SELECT id FROM bookings WHERE confirmed = 1 AND id <= 10000")
    assert len(stayed) < 10_000
    assert len(seen) == len(set(seen))
    assert {row["id"] for row in stayed} <= set(seen)


async def change(sql: Connection, enough: asyncio.Event) -> None:
    """Confirm bookings of the list all over it, and make others."""
    for n in itertools.takewhile(lambda _: not enough.is_set(), itertools.count(1)):
        await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", n * 7919 % 10_000)
        await sql.execute(
            f"{WALKED} SELECT 2, 'walked', 1, {OLD} FROM (SELECT $1::integer AS n) AS made",
            n * 6007 % 10_000,
        )


async def test_the_one_that_fits_is_found_however_far_behind_the_others_it_lies(
    filters: FilterService, bookings: BookingService, crowd: Connection
) -> None:
    rare = await crowd.fetchval(
        """
        INSERT INTO bookings (user_id, course_id, course_stream, confirmed, created_at)
        VALUES (1, 77, 'stream_1', 2, '2020-01-01Z') RETURNING id
        """
    )

    shown = await filters.open(Filter(stream="stream_1", course=77), by=ANNA)

    assert (shown.page.items, str(shown.total)) == ([], "0+")
    assert await walked(bookings, shown.page) == [rare]
    last = Place(status=None, view=shown.page.place.view, edge=Edge.LAST)
    page = (await bookings.list(last, by=ANNA)).page
    assert ids(page.items) == [rare]
    assert page.previous


@pytest.mark.parametrize("discount", [None, False])
async def test_beyond_what_is_counted_a_page_is_at_least_its_number_and_knows_whether_more_follow(
    filters: FilterService, bookings: BookingService, crowd: Connection, discount: bool | None
) -> None:
    chosen = Filter(stream="stream_1", discount=discount)
    first = (await filters.open(chosen, by=ANNA)).page
    middle = replace(first.place, edge=Edge.AFTER, id=10_000)

    shown = await bookings.list(middle, by=ANNA)
    counts = [shown.total, shown.page.number, shown.page.last]
    assert all(isinstance(count, AtLeast) for count in counts)

    page = (await bookings.list(replace(middle, edge=Edge.LAST, id=None), by=ANNA)).page
    assert isinstance(page.number, AtLeast)
    assert page.next is None
    assert page.previous
    page = (await bookings.list(page.previous, by=ANNA)).page
    assert page.next
    page = (await bookings.list(page.next, by=ANNA)).page
    assert page.next is None


async def test_a_list_that_nothing_fits_is_looked_through_from_either_end(
    filters: FilterService, bookings: BookingService, crowd: Connection
) -> None:
    first = (await filters.open(Filter(stream="stream_1", course=77), by=ANNA)).page
    place = Place(status=None, view=first.place.view, edge=Edge.LAST)

    last = (await bookings.list(place, by=ANNA)).page
    assert (last.items, bool(last.previous), last.next) == ([], True, None)

    page = last
    while page.previous:
        page = (await bookings.list(page.previous, by=ANNA)).page
    assert page.items == []
    assert await walked(bookings, first) == []


async def test_a_deleted_anchor_leads_to_the_first_page(
    filters: FilterService, bookings: BookingService, crowd: Connection
) -> None:
    first = (await filters.open(Filter(stream="stream_2"), by=ANNA)).page
    await crowd.execute("DELETE FROM bookings WHERE id = $1", first.items[-1].id)

    place = Place(status=None, view=first.place.view, edge=Edge.AFTER, id=first.items[-1].id)
    page = (await bookings.list(place, by=ANNA)).page

    assert ids(page.items)[: PAGE_SIZE - 1] == ids(first.items)[: PAGE_SIZE - 1]


async def test_a_day_begins_and_ends_at_the_schools_midnight_also_when_clocks_change(
    filters: FilterService, make_booking: MakeBooking
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    inside = [
        await make_booking(created_at=datetime(2026, 3, 29, hour, minute, tzinfo=berlin))
        for hour, minute in ((0, 0), (1, 59), (23, 59))
    ]
    for at in (datetime(2026, 3, 28, 23, 59, tzinfo=berlin), datetime(2026, 3, 30, tzinfo=berlin)):
        await make_booking(created_at=at)

    day = date(2026, 3, 29)
    shown = await filters.open(Filter(since=day, until=day), by=ANNA)

    assert sorted(booking.id for booking in shown.page.items) == inside
