"""What a school would use instead, on the same bookings."""

from collections.abc import AsyncIterator

from benchmarks.peers import changelist, dashboard, scrolling
from benchmarks.peers.school import School
from benchmarks.reports import Section


async def measure(*, bookings: int, rounds: int) -> AsyncIterator[Section]:
    """Compare the desk to one peer after the other; one that is not installed is left out."""
    async with School.opened(bookings) as school:
        yield await dashboard.measure(school, rounds)
        yield await changelist.measure(school, rounds)
        yield await scrolling.measure(school, rounds // 2)
