"""Lists by welcomes: what they cost."""

from datetime import UTC, datetime
from itertools import product

from bot.services.lists.filtered import criteria_of
from db.connection import Connection
from db.lists.filtered import FilteredRepository
from db.models.lists import START, Cursor, Edge
from tests.db.lists.filtered.welcomed import COMBINED, INDEXED, OWED, WALKED
from tests.db.lists.walks import NOW
from tests.support.postgres import plan_of

PLANS = ("force_custom_plan", "force_generic_plan")


async def test_welcomes_are_counted_and_chosen_in_an_index_alone(crowd: Connection) -> None:
    await crowd.execute("VACUUM ANALYZE booking_desk.welcomes")
    filtered = FilteredRepository(crowd)
    for filter_, mode in product([*INDEXED, *COMBINED], PLANS):
        await crowd.execute(f"SET plan_cache_mode = {mode}")
        criteria = criteria_of(filter_, NOW)

        counted = await plan_of(crowd, filtered.count(criteria))
        page = await plan_of(crowd, filtered.page(criteria, START, limit=8))

        assert counted.scans("welcomes") == page.scans("welcomes") == {"Index Only Scan"}, filter_
        assert counted.scans("bookings") == set(), filter_
        assert page.rows_read("bookings") <= 8, filter_


async def test_however_many_welcomes_are_owed_at_once_a_page_reads_itself_alone(
    sql: Connection,
) -> None:
    await sql.execute(WALKED, 15_000)
    await sql.execute(
        "UPDATE bookings SET created_at = created_at + id * 7919 % 14983 * interval '1 minute'"
    )
    await sql.execute(f"{OWED} WHERE id % 3 = 0")
    await sql.execute("UPDATE booking_desk.outbox SET state = 'sent' WHERE id % 3 > 0")
    await sql.execute("ANALYZE")
    filtered = FilteredRepository(sql)
    deep = Cursor(Edge.AFTER, 1, datetime(2026, 1, 7, tzinfo=UTC))
    for filter_, cursor, mode in product(INDEXED, (START, deep), PLANS):
        await sql.execute(f"SET plan_cache_mode = {mode}")

        plan = await plan_of(sql, filtered.page(criteria_of(filter_, NOW), cursor, limit=8))

        assert plan.rows_read("welcomes") == 8, (filter_, mode)
        assert plan.scans("bookings") == {"Index Scan"}, (filter_, mode)
