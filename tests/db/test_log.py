"""The log by page: every filter, and its cost."""

from itertools import product

import asyncpg
import pytest

from db.connection import Connection
from db.decisions.audit import AuditRepository
from db.models.audit import LogFilter, Period
from db.models.bookings import BookingAction
from db.models.lists import START, Cursor, Edge
from tests.support.postgres import plan_of

SIZE = 3
FILTERS = [
    LogFilter(actor=actor, action=action, period=period, booking=booking, person=person)
    for actor, action, period, (booking, person) in product(
        (None, 11),
        (None, BookingAction.CANCEL),
        (None, Period.WEEK),
        ((None, False), (5, False), (5, True)),
    )
]


@pytest.fixture
async def log(sql: asyncpg.Connection) -> Connection:
    """20,000 entries, an hour apart, by a hundred admins; one in ten is a cancellation.

    Each person has two of the bookings.
    """
    await sql.execute(
        "INSERT INTO bookings (id, user_id) SELECT n, n % 2000 FROM generate_series(0, 3999) AS n"
    )
    await sql.execute(
        """
        INSERT INTO booking_desk.audit
               (booking_id, revision, user_id, action, actor_id, actor_name, at,
                confirmed_before, confirmed_after)
        SELECT n % 4000, n, n % 2000, CASE WHEN n % 10 = 1 THEN 'cancel' ELSE 'confirm' END,
               n % 100, 'Admin ' || n % 100, now() - (20001 - n) * interval '1 hour', 1, 2
          FROM generate_series(1, 20000) AS n
        """
    )
    await sql.execute("ANALYZE")
    return sql


def fits(log_filter: LogFilter, n: int) -> bool:
    return (
        log_filter.actor in {None, n % 100}
        and (log_filter.action is None or n % 10 == 1)
        and (log_filter.period is None or 20001 - n < 7 * 24)
        and log_filter.booking in {None, n % (2000 if log_filter.person else 4000)}
    )


async def test_a_page_is_the_slice_of_its_filters_that_its_edge_names(log: Connection) -> None:
    audit = AuditRepository(log)

    for log_filter in FILTERS:
        expected = [n for n in range(20_000, 0, -1) if fits(log_filter, n)]
        read = [change.revision for change in await audit.page(log_filter, START, limit=SIZE)]
        assert read == expected[:SIZE], log_filter
        assert await audit.count(log_filter) == min(1000, len(expected)), log_filter


async def test_pages_lead_there_and_back(log: Connection) -> None:
    audit = AuditRepository(log)
    log_filter = LogFilter(actor=11)
    first = await audit.page(log_filter, START, limit=SIZE)

    after = await audit.page(log_filter, Cursor(Edge.AFTER, first[-1].id), limit=SIZE)
    back = Cursor(Edge.BEFORE, after[0].id)
    before = await audit.page(log_filter, back, limit=SIZE)

    assert [change.revision for change in after] == [19_611, 19_511, 19_411]
    assert [change.id for change in before] == [change.id for change in first]
    assert await audit.count(log_filter, back) == SIZE


async def test_no_filter_reads_the_log_from_end_to_end(log: Connection) -> None:
    for log_filter in FILTERS:
        plan = await plan_of(log, AuditRepository(log).page(log_filter, START, limit=SIZE))

        assert plan.scans("audit") <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}, (
            log_filter
        )
        assert plan.rows_read("audit") < 250, log_filter
