"""The log by page: every filter, and what it costs."""

from itertools import product

import asyncpg
import pytest

from db.audit import AuditRepository
from db.connection import Connection
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
    """20,000 entries, an hour apart, by a hundred admins; anybody cancels one time in ten.

    Every person has two of the bookings.
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


def fits(chosen: LogFilter, n: int) -> bool:
    return (
        chosen.actor in {None, n % 100}
        and (chosen.action is None or n % 10 == 1)
        and (chosen.period is None or 20001 - n < 7 * 24)
        and chosen.booking in {None, n % (2000 if chosen.person else 4000)}
    )


async def test_a_page_is_the_slice_of_its_filters_that_its_edge_names(log: Connection) -> None:
    audit = AuditRepository(log)

    for chosen in FILTERS:
        expected = [n for n in range(20_000, 0, -1) if fits(chosen, n)]
        read = [each.revision for each in await audit.page(chosen, START, limit=SIZE)]
        assert read == expected[:SIZE], chosen
        assert await audit.count(chosen) == min(1000, len(expected)), chosen


async def test_pages_lead_there_and_back(log: Connection) -> None:
    audit = AuditRepository(log)
    chosen = LogFilter(actor=11)
    first = await audit.page(chosen, START, limit=SIZE)

    after = await audit.page(chosen, Cursor(Edge.AFTER, first[-1].id), limit=SIZE)
    back = Cursor(Edge.BEFORE, after[0].id)
    before = await audit.page(chosen, back, limit=SIZE)

    assert [each.revision for each in after] == [19_611, 19_511, 19_411]
    assert [each.id for each in before] == [each.id for each in first]
    assert await audit.count(chosen, back) == SIZE


async def test_no_filter_reads_the_log_from_end_to_end(log: Connection) -> None:
    for chosen in FILTERS:
        plan = await plan_of(log, AuditRepository(log).page(chosen, START, limit=SIZE))

        assert plan.scans("audit") <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}, chosen
        assert plan.rows_read("audit") < 250, chosen
