"""The log by page: every filter, and what it costs."""

from itertools import product

import asyncpg
import pytest

from db.audit import AuditRepository
from db.connection import Connection
from db.models import BookingAction, Edge, LogPlace, Period
from tests.support.postgres import plan_of

SIZE = 3
PLACES = [
    LogPlace(actor=actor, action=action, period=period, booking=booking, person=person)
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


def fits(place: LogPlace, n: int) -> bool:
    return (
        place.actor in {None, n % 100}
        and (place.action is None or n % 10 == 1)
        and (place.period is None or 20001 - n < 7 * 24)
        and place.booking in {None, n % (2000 if place.person else 4000)}
    )


async def test_a_page_is_the_slice_of_its_filters_that_its_edge_names(log: Connection) -> None:
    audit = AuditRepository(log)

    for place in PLACES:
        expected = [n for n in range(20_000, 0, -1) if fits(place, n)]
        read = [each.revision for each in await audit.page(place, limit=SIZE)]
        assert read == expected[:SIZE], place
        assert await audit.size(place) == min(1000, len(expected)), place


async def test_pages_lead_there_and_back(log: Connection) -> None:
    audit = AuditRepository(log)
    place = LogPlace(actor=11)
    first = await audit.page(place, limit=SIZE)

    after = await audit.page(LogPlace(actor=11, edge=Edge.AFTER, id=first[-1].id), limit=SIZE)
    before = await audit.page(LogPlace(actor=11, edge=Edge.BEFORE, id=after[0].id), limit=SIZE)

    assert [each.revision for each in after] == [19_611, 19_511, 19_411]
    assert [each.id for each in before] == [each.id for each in first]
    assert await audit.newer(place, after[0].id) == SIZE


async def test_no_filter_reads_the_log_from_end_to_end(log: Connection) -> None:
    for place in PLACES:
        plan = await plan_of(log, AuditRepository(log).page(place, limit=SIZE))

        assert plan.scans("audit") <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}, place
        assert plan.rows_read("audit") < 250, place
