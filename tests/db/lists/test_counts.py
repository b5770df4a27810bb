"""The ledger always has the same counts as the table of bookings."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.database import Database
from db.lists.counts import CountRepository
from db.models.bookings import EPOCH, BookingStatus, status_of
from db.models.lists import START
from tests.support.postgres import plan_of, until_one_waits
from tests.support.school import MakeBooking
from tests.support.values import a_booking

DAY_ONE = datetime(2026, 3, 1, tzinfo=UTC)
STATUSES: list[BookingStatus | None] = [
    None,
    *(status for status in BookingStatus if status is not BookingStatus.UNKNOWN),
]

COURSES: list[set[int] | None] = [None, {1}, {2, 3}, {9}, set()]

codes = st.sampled_from([0, 1, 2, -1, 7, None])
courses = st.sampled_from([1, 2, 3, None])
near, far = st.integers(-30, 30), st.integers(-100_000, 100_000)
dates = st.none() | st.builds(lambda n: DAY_ONE + timedelta(minutes=n), near | far)
writes = st.lists(
    st.tuples(st.just("INSERT INTO bookings (confirmed, created_at, course_id, user_id) "
                      "SELECT $1, $2, $4, 1 FROM generate_series(1, $3)"),
              codes, dates, st.integers(1, 3), courses)
    | st.tuples(st.just("UPDATE bookings SET course_id = $1 WHERE id % 3 < $2"),
                courses, st.integers(0, 3))
    | st.tuples(st.just("UPDATE bookings SET confirmed = $1, created_at = $2 WHERE id % 3 < $3"),
                codes, dates, st.integers(0, 3))
    | st.tuples(st.just("UPDATE bookings SET confirmed = $1, first_name = $2 WHERE id % 5 = $3"),
                codes, st.sampled_from(["Vera", None]), st.integers(0, 4))
    | st.tuples(st.just("DELETE FROM bookings WHERE id % 4 = $1"), st.integers(0, 3))
    | st.tuples(st.just("TRUNCATE bookings")),
    max_size=12,
)  # fmt: skip


async def ledger(db: Database) -> Mapping[object, int]:
    """Return the desk's counts: totals, and the bookings before each booking in its lists."""
    counted: dict[object, int] = {}
    async with db.snapshot() as uow:
        for n, some in enumerate(COURSES):
            for status in STATUSES:
                for booking in await uow.bookings.page(
                    status, START, newest_first=False, limit=1000
                ):
                    if some is None or booking.course_id in some:
                        before = await uow.counts.before(booking, status, some)
                        counted[n, status, booking.id] = before
            totals = await uow.counts.by_status(some)
            counted |= {(n, status): total for status, total in totals.items() if total}
    return counted


async def truth(sql: asyncpg.Connection) -> Mapping[object, int]:
    """Return the same counts, counted row by row."""
    rows = await sql.fetch("SELECT id, confirmed, created_at, course_id FROM bookings")
    counted: Counter[object] = Counter()
    ordered = sorted(rows, key=lambda row: (row["created_at"] or EPOCH, row["id"]))
    for (n, some), row in itertools.product(enumerate(COURSES), ordered):
        if some is not None and row["course_id"] not in some:
            continue
        for status in {None, status_of(row["confirmed"])}:
            if status in STATUSES:
                counted[n, status, row["id"]] = counted[n, status]
            counted[n, status] += 1
    return counted


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=writes, second=writes)
async def test_the_ledger_is_right_whatever_several_programs_write(
    db: Database, dsn: str, sql: asyncpg.Connection, first: Any, second: Any
) -> None:
    await sql.execute("TRUNCATE bookings")
    async with asyncpg.create_pool(dsn, min_size=2, max_size=2) as programs:
        for pair in zip(first, second, strict=False):
            await asyncio.gather(*(programs.execute(*write) for write in pair))
            async with db.transaction() as uow:
                await uow.counts.fold()

    assert await ledger(db) == await truth(sql)


async def test_a_booking_at_the_edge_of_a_bucket_is_counted_once(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    start = await sql.fetchval("SELECT booking_desk.bucket('30 days', $1)", DAY_ONE)
    minute, day = timedelta(minutes=1), timedelta(days=1)
    spans = (0 * day, 10 * minute, 20 * minute, day, 2 * day, 30 * day, 60 * day)
    for edge in (start + span for span in spans):
        for moment in (edge - timedelta.resolution, edge, edge, edge + minute):
            await make_booking(created_at=moment)

    assert await ledger(db) == await truth(sql)


async def test_a_write_that_is_rolled_back_counts_nothing(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await make_booking()

    transaction = sql.transaction()
    await transaction.start()
    await make_booking()
    await transaction.rollback()

    assert await ledger(db) == await truth(sql)


@pytest.mark.parametrize(
    "date", ["-infinity", "4714-11-24 00:00Z BC", "294276-12-31 23:59:59.999999Z", "infinity"]
)
async def test_a_booking_of_any_date_is_counted(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking, date: str
) -> None:
    odd = await make_booking()
    await sql.execute(f"UPDATE bookings SET created_at = '{date}' WHERE id = {odd}")
    await make_booking()

    async with db.snapshot() as uow:
        assert (await uow.counts.by_status())[None] == 2


async def test_folding_keeps_the_sums_and_leaves_a_row_for_each_span_status_and_course(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    for code, course in ((1, 1), (1, 1), (2, 2), (1, 2), (None, None), (None, None)):
        await make_booking(confirmed=code, course_id=course, created_at=DAY_ONE)
    await make_booking(confirmed=0)
    await sql.execute("DELETE FROM bookings WHERE confirmed = 0")
    before = await ledger(db)

    async with db.transaction() as uow:
        folded = await uow.counts.fold()

    assert await ledger(db) == before
    rows = await sql.fetchrow(
        """
        SELECT count(*) FILTER (WHERE course_id IS NULL), count(course_id) FROM booking_desk.counts
        """
    )
    assert tuple(rows) == (3 * 3, 2 * 3)
    assert folded == 8


async def test_a_share_is_folded_into_the_one_there_is(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    for course in (1, 2, 1):
        await make_booking(course_id=course, created_at=DAY_ONE)
        await fold(db)
    await sql.execute("UPDATE bookings SET course_id = 1")
    await fold(db)

    shares = await sql.fetch(
        "SELECT course_id, n FROM booking_desk.counts WHERE course_id IS NOT NULL"
    )
    assert [tuple(row) for row in shares] == [(1, 3), (1, 3)]
    assert await ledger(db) == await truth(sql)


async def test_a_ledger_that_begins_with_bookings_begins_folded(
    empty_dsn: str,
) -> None:
    school = await asyncpg.connect(empty_dsn)
    await school.execute(
        """
        CREATE TABLE bookings (id serial PRIMARY KEY, user_id bigint, username text,
                               first_name text, course_id integer, course_stream varchar(50),
                               confirmed integer, created_at timestamptz, referral_code text,
                               discount_percent integer);
        INSERT INTO bookings (user_id, course_id, confirmed, created_at)
        SELECT n, nullif(n % 4, 0), n % 3, '2026-01-01Z'::timestamptz + n * interval '1 hour'
          FROM generate_series(1, 300) AS n
        """
    )
    async with Database.connect(empty_dsn) as db:
        await db.migrate()
        before = await ledger(db)
        async with db.transaction() as uow:
            saved = await uow.counts.fold()

        assert saved == 0
        assert before == await ledger(db) == await truth(school)
    await school.close()


async def test_two_folds_at_once_fold_no_row_twice(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    for _ in range(3):
        await make_booking(created_at=DAY_ONE)

    async with db.transaction() as uow:
        await uow.counts.fold()
        other = asyncio.create_task(fold(db))
        await until_one_waits(sql)
    await other

    assert await ledger(db) == await truth(sql)


async def test_a_truncate_during_a_fold_leaves_nothing_to_count(
    db: Database, dsn: str, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    for _ in range(3):
        await make_booking(created_at=DAY_ONE)

    async with asyncpg.create_pool(dsn, min_size=1) as program:
        async with db.transaction() as uow:
            await uow.counts.fold()
            other = asyncio.create_task(program.execute("TRUNCATE bookings"))
            await until_one_waits(sql)
        await other

    assert await ledger(db) == await truth(sql)


async def fold(db: Database) -> None:
    async with db.transaction() as uow:
        await uow.counts.fold()


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_what_comes_before_is_known_from_the_bookings_of_ten_minutes(
    crowd: asyncpg.Connection, mode: str
) -> None:
    await crowd.execute(f"SET plan_cache_mode = {mode}")
    middle = a_booking(id=10_000, listed_at=datetime(2026, 1, 7, 22, 40, tzinfo=UTC))
    for status in STATUSES:
        plan = await plan_of(crowd, CountRepository(crowd).before(middle, status))

        assert plan.rows_read("bookings") <= 10, status
        assert plan.rows_read("counts") < 1000, status


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_what_comes_before_in_some_courses_is_known_from_their_bookings_of_a_day(
    crowd: asyncpg.Connection, mode: str
) -> None:
    await crowd.execute("VACUUM ANALYZE bookings")
    await crowd.execute(f"SET plan_cache_mode = {mode}")
    middle = a_booking(id=10_000, listed_at=datetime(2026, 1, 7, 22, 40, tzinfo=UTC))
    for status in STATUSES:
        plan = await plan_of(crowd, CountRepository(crowd).before(middle, status, {1, 2}))

        assert plan.rows_read("bookings") <= 1500, status
        assert plan.scans("bookings") == {"Index Only Scan"}, status
        assert plan.rows_read("counts") < 1000, status
