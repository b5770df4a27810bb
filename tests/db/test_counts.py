"""The ledger of counts says at any moment what counting the bookings would."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.database import Database
from db.models import EPOCH, BookingStatus, status_of
from tests.conftest import MakeBooking
from tests.postgres import until_one_waits

DAY_ONE = datetime(2026, 3, 1, tzinfo=UTC)
NOON = DAY_ONE + timedelta(hours=36)
STATUSES: list[BookingStatus | None] = [
    None,
    *(status for status in BookingStatus if status is not BookingStatus.UNKNOWN),
]

codes = st.sampled_from([0, 1, 2, -1, 7, None])
dates = st.none() | st.builds(lambda n: DAY_ONE + timedelta(hours=n), st.integers(-48, 48))
writes = st.lists(
    st.tuples(st.just("INSERT INTO bookings (confirmed, created_at, user_id) "
                      "SELECT $1, $2, 1 FROM generate_series(1, $3)"),
              codes, dates, st.integers(1, 3))
    | st.tuples(st.just("UPDATE bookings SET confirmed = $1, created_at = $2 WHERE id % 3 < $3"),
                codes, dates, st.integers(0, 3))
    | st.tuples(st.just("UPDATE bookings SET confirmed = $1, first_name = $2 WHERE id % 5 = $3"),
                codes, st.sampled_from(["Vera", None]), st.integers(0, 4))
    | st.tuples(st.just("DELETE FROM bookings WHERE id % 4 = $1"), st.integers(0, 3))
    | st.tuples(st.just("TRUNCATE bookings")),
    max_size=12,
)  # fmt: skip


async def ledger(db: Database) -> Mapping[object, int]:
    """Return what the desk believes: totals, and the totals before noon of the second day."""
    async with db.snapshot() as uow:
        counted: dict[object, int] = {
            (status, "before"): await uow.counts.before_hour(NOON, status) for status in STATUSES
        }
        totals = await uow.counts.by_status()
    return counted | {status: n for status, n in totals.items() if n}


async def truth(sql: asyncpg.Connection) -> Mapping[object, int]:
    """Count the same by hand."""
    rows = await sql.fetch("SELECT confirmed, created_at FROM bookings")
    counted: dict[object, int] = {(status, "before"): 0 for status in STATUSES}
    for row in rows:
        for status in {None, status_of(row["confirmed"])}:
            counted[status] = counted.get(status, 0) + 1
            is_before = (row["created_at"] or EPOCH) < NOON
            if is_before and (status, "before") in counted:
                counted[status, "before"] += 1
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


async def test_a_write_that_is_rolled_back_counts_nothing(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await make_booking()

    transaction = sql.transaction()
    await transaction.start()
    await make_booking()
    await transaction.rollback()

    assert await ledger(db) == await truth(sql)


async def test_folding_keeps_the_sums_and_leaves_a_row_for_each_span_and_status(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    for code in (1, 1, 2, 1, None, None):
        await make_booking(confirmed=code, created_at=DAY_ONE)
    await make_booking(confirmed=0)
    await sql.execute("DELETE FROM bookings WHERE confirmed = 0")
    before = await ledger(db)

    async with db.transaction() as uow:
        saved = await uow.counts.fold()

    assert saved == 10
    assert await ledger(db) == before
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.counts") == 6


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
