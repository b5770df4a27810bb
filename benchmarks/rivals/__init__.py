"""Programs that a school could use instead, on the same bookings."""

from collections.abc import AsyncIterator
from typing import Final

from benchmarks.rivals import changelist, dashboard, scrolling
from benchmarks.schools.school import School
from benchmarks.support.reports import Section
from tests.support.databases import connected

#: An index for the rivals; the desk has its own.
_INDEX: Final = "CREATE INDEX ON bookings (created_at, id)"


async def measure(school: School, *, rounds: int) -> AsyncIterator[Section]:
    """Compare the desk to each rival."""
    async with connected(school.dsn) as sql:
        await sql.execute(_INDEX)
    yield await dashboard.measure(school, rounds)
    async with school.bot("bot", "run") as desk:
        yield await changelist.measure(school, desk, rounds)
        yield await scrolling.measure(school, desk, rounds // 2)
