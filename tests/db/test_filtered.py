"""Filtered lists: what fits, in which order, what it costs, and what a reader sees meanwhile."""

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from bot.services.bookings import BookingService
from bot.services.filtered import criteria_of
from bot.services.filters import FilterService
from bot.services.paging import PAGE_SIZE
from bot.services.staff import Staff
from db.connection import Connection
from db.database import Database
from db.filtered import FilteredRepository
from db.models import (
    Actor,
    Anchor,
    AtLeast,
    Booking,
    BookingStatus,
    Criteria,
    Edge,
    Filter,
    Page,
    Place,
    WelcomeState,
)
from tests.conftest import MakeBooking
from tests.postgres import plan_of

ANNA = Actor(id=11, name="Anna")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS = 20_000
SINCE = date(2026, 1, 10)


@pytest.fixture
async def crowd(sql: asyncpg.Connection) -> Connection:
    """20,000 bookings, a minute apart; a stream, a course and a code that ended long ago."""
    await sql.execute(
        """
        INSERT INTO bookings
               (user_id, course_id, course_stream, confirmed, referral_code, discount_percent,
                created_at)
        SELECT n, CASE WHEN n < 100 THEN 9 ELSE 1 + n % 3 END,
               CASE WHEN n < 100 THEN 'past' ELSE 'stream_' || n % 5 END,
               (ARRAY[0, 1, 2, 2, -1])[1 + n % 5], CASE WHEN n < 50 THEN 'OLD' END,
               CASE n % 10 WHEN 0 THEN 20 WHEN 1 THEN NULL ELSE 0 END,
               '2026-01-01Z'::timestamptz + n * interval '1 minute'
          FROM generate_series(1, 20000) AS n
        """
    )
    await sql.execute(
        """
        INSERT INTO booking_desk.outbox (kind, booking_id, revision, chat_id, sender, state)
        SELECT 'welcome', n, 1, n, 'students',
               CASE WHEN n % 400 = 2 THEN 'waiting' ELSE 'sent' END
          FROM generate_series(1, 20000) AS n WHERE n % 4 = 2
        """
    )
    await sql.execute("ANALYZE")
    return sql


FILTERS = [
    Filter(
        status=status,
        course=course,
        stream=stream,
        since=since,
        code=code,
        welcome=welcome,
        discount=discount,
    )
    for status, (course, stream), since, (code, welcome), discount in product(
        (None, BookingStatus.PENDING, BookingStatus.CONFIRMED),
        ((None, None), (9, None), (1, "stream_1"), (None, "past")),
        (None, SINCE),
        (
            (None, None),
            ("old", None),
            (None, WelcomeState.WAITING),
            (None, WelcomeState.DELIVERED),
        ),
        (None, True, False),
    )
]


def started(n: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)


def set_of(fits: Callable[[int], bool]) -> frozenset[int]:
    """Return which of the crowd's bookings fit."""
    return frozenset(filter(fits, range(1, ROWS + 1)))


EVERYONE = set_of(lambda _: True)
PAST = set_of(lambda n: n < 100)
WAITING = set_of(lambda n: n % 400 == 2)
FITTING: Mapping[str, Mapping[object, frozenset[int]]] = {
    "status": {
        BookingStatus.PENDING: set_of(lambda n: n % 5 == 1),
        BookingStatus.CONFIRMED: set_of(lambda n: n % 5 in {2, 3}),
    },
    "course": {9: PAST, 1: set_of(lambda n: n % 3 == 0) - PAST},
    "stream": {"past": PAST, "stream_1": set_of(lambda n: n % 5 == 1) - PAST},
    "since": {SINCE: set_of(lambda n: started(n).date() >= SINCE)},
    "code": {"old": set_of(lambda n: n < 50)},
    "welcome": {
        WelcomeState.WAITING: WAITING,
        WelcomeState.DELIVERED: set_of(lambda n: n % 4 == 2) - WAITING,
    },
    "discount": {
        True: set_of(lambda n: n % 10 == 0),
        False: set_of(lambda n: n % 10 != 0),
    },
}


def fitting(chosen: Filter) -> list[int]:
    """Return the bookings that fit, oldest first."""
    chosen_sets = (
        sets[getattr(chosen, name)]
        for name, sets in FITTING.items()
        if getattr(chosen, name) is not None
    )
    return sorted(EVERYONE.intersection(*chosen_sets))


async def criteria(filtered: FilteredRepository, chosen: Filter) -> Criteria:
    ids = None if chosen.welcome is None else await filtered.welcomed(chosen.welcome)
    return replace(criteria_of(chosen), ids=ids)


async def read(
    filtered: FilteredRepository, chosen: Filter, edge: Edge, *, limit: int
) -> list[int]:
    """Return the first or last bookings; where looking ended before there were enough, go on."""
    backwards = edge is Edge.LAST
    found: list[int] = []
    anchor = None
    while len(found) < limit:
        asked = await criteria(filtered, chosen)
        drawn = await filtered.page(asked, edge, anchor, limit=limit - len(found))
        ids = [booking.id for booking in drawn.items]
        found = [*ids, *found] if backwards else [*found, *ids]
        if drawn.end is None:
            break
        edge = Edge.BEFORE if backwards else Edge.AFTER
        anchor = Anchor(edge=edge, at=started(drawn.end), id=drawn.end)
    return found


async def test_every_combination_shows_what_fits_in_its_order(crowd: Connection) -> None:
    filtered = FilteredRepository(crowd)

    for chosen in FILTERS:
        expected = fitting(chosen)
        first = expected[::-1] if chosen.newest_first else expected
        assert await read(filtered, chosen, Edge.FIRST, limit=3) == first[:3], chosen
        assert await read(filtered, chosen, Edge.LAST, limit=3) == first[-3:], chosen


async def test_a_count_is_right_or_says_that_there_may_be_more(crowd: Connection) -> None:
    filtered = FilteredRepository(crowd)

    for chosen in FILTERS:
        expected = len(fitting(chosen))
        count = await filtered.count(await criteria(filtered, chosen))
        if isinstance(count, AtLeast):
            assert count <= expected, chosen
        else:
            assert count == expected < 1000, chosen


@pytest.mark.parametrize(
    "chosen",
    [
        Filter(stream="past"),
        Filter(stream="past", status=BookingStatus.CONFIRMED),
        Filter(course=9),
        Filter(code="old"),
        Filter(stream="stream_1", status=BookingStatus.PENDING),
        Filter(status=BookingStatus.CONFIRMED, since=date(2026, 1, 5), until=date(2026, 1, 6)),
        Filter(since=date(2026, 1, 5), until=date(2026, 1, 6)),
        Filter(welcome=WelcomeState.WAITING),
        Filter(course=9, status=BookingStatus.CONFIRMED),
        Filter(course=1, welcome=WelcomeState.DELIVERED),
        Filter(discount=True),
    ],
    ids=str,
)
async def test_a_page_deep_in_a_list_reads_little_more_than_itself(
    crowd: Connection, chosen: Filter
) -> None:
    at = datetime(2026, 1, 6, tzinfo=UTC)
    filtered = FilteredRepository(crowd)
    asked = await criteria(filtered, chosen)
    for edge, anchor in ((Edge.FIRST, None), (Edge.AFTER, Anchor(edge=Edge.AFTER, at=at, id=1))):
        asking = filtered.page(asked, edge, anchor, limit=8)
        plan = await plan_of(crowd, asking)

        assert "Seq Scan" not in plan.scans("bookings")
        assert plan.rows_read("bookings") < 200


@pytest.fixture
def filters(db: Database) -> FilterService:
    return FilterService(db, Staff({ANNA.id}), timezone=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def bookings(db: Database) -> BookingService:
    return BookingService(db, Staff({ANNA.id}), grace=timedelta(0))


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


WALKED = "INSERT INTO bookings (user_id, course_stream, confirmed, created_at)"
OLD = "'2026-01-01Z'::timestamptz + n * interval '1 minute'"


async def change(sql: Connection, enough: asyncio.Event) -> None:
    """Confirm bookings of the list all over it, and make others."""
    for n in itertools.takewhile(lambda _: not enough.is_set(), itertools.count(1)):
        await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", n * 7919 % 10_000)
        await sql.execute(
            f"{WALKED} SELECT 2, 'walked', 1, {OLD} FROM (SELECT $1::integer AS n) AS made",
            n * 6007 % 10_000,
        )


async def walked(bookings: BookingService, page: Page[Booking]) -> list[int]:
    """Return what is on the pages from this one on, pressing Next."""
    seen = [booking.id for booking in page.items]
    while page.next:
        page = (await bookings.list(page.next, by=ANNA)).page
        seen += [booking.id for booking in page.items]
    return seen


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


async def test_a_deleted_anchor_leads_to_the_first_page(
    filters: FilterService, bookings: BookingService, crowd: Connection
) -> None:
    first = (await filters.open(Filter(stream="stream_2"), by=ANNA)).page
    await crowd.execute("DELETE FROM bookings WHERE id = $1", first.items[-1].id)

    place = Place(status=None, view=first.place.view, edge=Edge.AFTER, id=first.items[-1].id)
    page = (await bookings.list(place, by=ANNA)).page

    assert ids(page.items)[: PAGE_SIZE - 1] == ids(first.items)[: PAGE_SIZE - 1]


def ids(items: Sequence[object]) -> list[int]:
    return [getattr(item, "id", 0) for item in items]
