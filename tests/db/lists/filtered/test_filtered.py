"""Filtered lists: their bookings, their order, and their cost."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import product

import pytest

from bot.services.lists.filtered import criteria_of
from db.connection import Connection
from db.lists.filtered import FilteredRepository
from db.models.bookings import BookingStatus
from db.models.counts import AtLeast
from db.models.filters import Filter, WelcomeState
from db.models.lists import START, Cursor, Edge
from tests.db.lists.walks import NOW
from tests.support.postgres import plan_of
from tests.support.school import MakeBooking

ROWS = 20_000
SINCE = date(2026, 1, 10)
PLANS = ("force_custom_plan", "force_generic_plan")

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
    """Return the crowd's bookings that fit."""
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


def fitting(filter_: Filter) -> list[int]:
    """Return the bookings that fit, oldest first."""
    fitting_sets = (
        sets[getattr(filter_, name)]
        for name, sets in FITTING.items()
        if getattr(filter_, name) is not None
    )
    return sorted(EVERYONE.intersection(*fitting_sets))


async def read(
    filtered: FilteredRepository, filter_: Filter, edge: Edge, *, limit: int
) -> list[int]:
    """Return the first or last bookings; go on where a scan ended before there were enough."""
    backwards = edge is Edge.LAST
    found: list[int] = []
    cursor = Cursor(edge)
    while len(found) < limit:
        scan = await filtered.page(criteria_of(filter_, NOW), cursor, limit=limit - len(found))
        ids = [booking.id for booking in scan.items]
        found = [*ids, *found] if backwards else [*found, *ids]
        if scan.end is None:
            break
        cursor = Cursor(Edge.BEFORE if backwards else Edge.AFTER, scan.end, started(scan.end))
    return found


async def test_every_combination_shows_what_fits_in_its_order(crowd: Connection) -> None:
    filtered = FilteredRepository(crowd)

    for filter_ in FILTERS:
        expected = fitting(filter_)
        first = expected[::-1] if filter_.newest_first else expected
        assert await read(filtered, filter_, Edge.FIRST, limit=3) == first[:3], filter_
        assert await read(filtered, filter_, Edge.LAST, limit=3) == first[-3:], filter_


async def test_a_count_is_right_or_says_that_there_may_be_more(crowd: Connection) -> None:
    filtered = FilteredRepository(crowd)

    for filter_ in FILTERS:
        expected = len(fitting(filter_))
        count = await filtered.count(criteria_of(filter_, NOW))
        if isinstance(count, AtLeast):
            assert count <= expected, filter_
        else:
            assert count == expected < 1000, filter_


@pytest.mark.parametrize(
    "filter_",
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
        Filter(discount=True),
    ],
    ids=str,
)
async def test_a_page_deep_in_a_list_reads_little_more_than_itself(
    crowd: Connection, filter_: Filter
) -> None:
    at = datetime(2026, 1, 6, tzinfo=UTC)
    filtered = FilteredRepository(crowd)
    for cursor, mode in product((START, Cursor(Edge.AFTER, 1, at)), PLANS):
        await crowd.execute(f"SET plan_cache_mode = {mode}")
        page = filtered.page(criteria_of(filter_, NOW), cursor, limit=8)
        plan = await plan_of(crowd, page)

        assert "Seq Scan" not in plan.scans("bookings")
        assert plan.rows_read("bookings") < 200


async def test_codes_of_any_length_are_told_apart_by_their_first_64_letters(
    sql: Connection, make_booking: MakeBooking
) -> None:
    code = "".join(sha256(bytes(n)).hexdigest() for n in range(200))
    short, whole, long = [await make_booking(referral_code=code[:n]) for n in (63, 64, 10_000)]
    filtered = FilteredRepository(sql)

    for prefix, expected in {code[:63]: [short], code[:64].swapcase(): [whole, long]}.items():
        criteria = criteria_of(Filter(code=prefix), NOW)
        page = await filtered.page(criteria, START, limit=8)

        assert sorted(booking.id for booking in page.items) == expected
        assert await filtered.count(criteria) == len(expected)


async def test_bookings_are_counted_and_chosen_in_an_index_alone(crowd: Connection) -> None:
    await crowd.execute("VACUUM ANALYZE bookings")
    filtered = FilteredRepository(crowd)
    old, confirmed = Filter(code="old"), BookingStatus.CONFIRMED
    stream = Filter(stream="stream_1")
    lists = (old, Filter(), Filter(course=1), stream, replace(stream, course=1))
    for filter_, status, discount, mode in product(lists, (None, confirmed), (None, True), PLANS):
        await crowd.execute(f"SET plan_cache_mode = {mode}")
        criteria = criteria_of(replace(filter_, status=status, discount=discount), NOW)

        counted = await plan_of(crowd, filtered.count(criteria))
        page = await plan_of(crowd, filtered.page(criteria, START, limit=8))

        assert counted.scans("bookings") == {"Index Only Scan"}, (criteria, mode)
        assert page.scans("bookings") <= {"Index Only Scan", "Index Scan"}, (criteria, mode)
        assert page.rows_read("bookings") <= 1008, (criteria, mode)


async def test_a_page_in_the_middle_of_a_period_is_found_without_reading_up_to_it(
    crowd: Connection,
) -> None:
    filtered = FilteredRepository(crowd)
    statuses = (None, BookingStatus.PENDING, BookingStatus.CONFIRMED)
    for status, edge, mode in product(statuses, (Edge.BEFORE, Edge.AFTER), PLANS):
        await crowd.execute(f"SET plan_cache_mode = {mode}")
        filter_ = Filter(status=status, since=date(2026, 1, 1), until=date(2026, 1, 14))
        middle = Cursor(edge, 1, datetime(2026, 1, 7, tzinfo=UTC))

        plan = await plan_of(crowd, filtered.page(criteria_of(filter_, NOW), middle, limit=8))

        # Each booking is read once in the index of the list, and once by its number.
        assert plan.rows_read("bookings") == 16, (status, edge, mode)
        assert plan.blocks_read("bookings") < 40, (status, edge, mode)
