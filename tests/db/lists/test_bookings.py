"""Bookings by page and by lock: the promises of the lists' queries."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import asyncpg
import pytest

from bot.views.lists import Tab
from db.bookings import READ, BookingRepository
from db.connection import Connection
from db.database import Database
from db.models.bookings import EPOCH, Booking, BookingStatus
from db.models.lists import START, Cursor, Edge
from tests.support.postgres import Plan, plan_of
from tests.support.school import MakeBooking

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
#: Made within one second, or without a date, so that only the id tells them apart.
DATES = [NOON, None, NOON, NOON + timedelta(days=1), NOON, None, NOON - timedelta(days=1)] * 3
LISTS = [None, BookingStatus.PENDING]
SIZE = 4


@pytest.fixture
async def ordered(make_booking: MakeBooking) -> list[tuple[datetime, int]]:
    """The sort keys of some pending bookings, oldest first."""
    return sorted([(date or EPOCH, await make_booking(created_at=date)) for date in DATES])


async def read(db: Database, status: BookingStatus | None, cursor: Cursor = START) -> list[int]:
    newest_first = Tab(status).newest_first
    async with db.snapshot() as uow:
        page = await uow.bookings.page(status, cursor, newest_first=newest_first, limit=SIZE)
        return [booking.id for booking in page]


def expected(order: Sequence[tuple[datetime, int]], edge: Edge, anchor: int) -> list[int]:
    windows = {
        Edge.FIRST: order[:SIZE],
        Edge.LAST: order[-SIZE:],
        Edge.AFTER: order[anchor + 1 :][:SIZE],
        Edge.FROM: order[anchor:][:SIZE],
        Edge.BEFORE: order[:anchor][-SIZE:],
    }
    return [booking_id for _, booking_id in windows[edge]]


@pytest.mark.parametrize("edge", Edge)
@pytest.mark.parametrize("status", LISTS)
async def test_a_page_is_the_slice_of_its_list_that_its_edge_names(
    db: Database, ordered: list[tuple[datetime, int]], status: BookingStatus | None, edge: Edge
) -> None:
    order = ordered[::-1] if Tab(status).newest_first else ordered

    for n, (at, booking_id) in enumerate(order):
        cursor = Cursor(edge, booking_id, at)
        if edge in {Edge.FIRST, Edge.LAST}:
            cursor = Cursor(edge)
        assert await read(db, status, cursor) == expected(order, edge, n)


async def test_an_anchor_that_has_left_still_marks_its_place(
    db: Database, ordered: list[tuple[datetime, int]], sql: asyncpg.Connection
) -> None:
    at, changed = ordered[5]
    cursor = Cursor(Edge.FROM, changed, at)

    await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", changed)

    assert await read(db, BookingStatus.PENDING, cursor) == expected(ordered, Edge.AFTER, 5)


async def test_a_row_has_the_fields_of_a_booking_in_their_order(
    sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await make_booking()

    row = await sql.fetchrow(f"WITH booking AS (SELECT * FROM bookings) {READ}")

    assert tuple(row.keys()) == Booking._fields


async def test_an_unknown_status_is_listed_with_all_and_under_no_tab(
    db: Database, make_booking: MakeBooking
) -> None:
    odd = [await make_booking(confirmed=code) for code in (7, -2, None)]

    everything = await read(db, None)
    tabs = [await read(db, s) for s in BookingStatus if s != BookingStatus.UNKNOWN]

    assert sorted(everything) == odd
    assert tabs == [[], [], [], []]


async def test_a_locked_booking_is_out_of_reach_until_the_transaction_ends(
    db: Database, make_booking: MakeBooking
) -> None:
    booking = await make_booking()

    async with db.transaction() as first:
        await first.bookings.lock(booking)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2), db.transaction() as second:
                await second.bookings.lock(booking)

    async with asyncio.timeout(1), db.transaction() as third:
        assert await third.bookings.lock(booking) is not None


@pytest.fixture
async def crowded(sql: asyncpg.Connection) -> Connection:
    """A school with 20,000 bookings, imported by the thousand; only the old half is confirmed."""
    await sql.execute(
        """
        INSERT INTO bookings (user_id, course_id, course_stream, confirmed, created_at)
        SELECT n, 1, 'north', CASE WHEN n <= 10000 THEN 2 ELSE n % 3 - 1 END,
               '2026-01-01'::timestamptz + n / 1000 * interval '1 minute'
          FROM generate_series(1, 20000) AS n
        """
    )
    await sql.execute("VACUUM ANALYZE bookings")
    return sql


def every_page(middle: Any) -> Iterator[tuple[BookingStatus | None, Cursor]]:
    for status, edge in product([None, *BookingStatus], Edge):
        if status is not BookingStatus.UNKNOWN:
            anchored = edge not in {Edge.FIRST, Edge.LAST}
            at, row = (middle["created_at"], middle["id"]) if anchored else (None, None)
            yield status, Cursor(edge, row, at)


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_a_page_costs_a_page_however_long_the_list(crowded: Connection, mode: str) -> None:
    bookings = BookingRepository(crowded)
    middle = await crowded.fetchrow("SELECT id, created_at FROM bookings WHERE id = 10000")
    await crowded.execute(f"SET plan_cache_mode = {mode}")

    plans: dict[object, Plan] = {}
    for status, cursor in every_page(middle):
        newest_first = Tab(status).newest_first
        asking = bookings.page(status, cursor, newest_first=newest_first, limit=8)
        plans[status, cursor] = await plan_of(crowded, asking)

    assert {page for page, plan in plans.items() if plan.rows_read("bookings") > 8} == set()
    assert {page for page, plan in plans.items() if plan.blocks_read("bookings") > 16} == set()
    assert {scan for plan in plans.values() for scan in plan.scans("bookings")} == {"Index Scan"}
