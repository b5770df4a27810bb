"""What the lists cost when a school has many bookings: as much as with ten thousand."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import asyncpg

from benchmarks.databases import Databases, Fill
from benchmarks.reports import Section, Table
from benchmarks.timing import Operation, Times, by_turns
from bot.services.paging import PAGE_SIZE, read_list
from db.database import Database
from db.models import Booking, BookingStatus, Edge, Place

_FEW: Final = 10_000
_MOST: Final = 2.0
"""Times what it costs with ten thousand bookings."""
_ENOUGH: Final = 2.0
"""Milliseconds: nobody notices what takes no longer, whatever it took with fewer."""
_TABS: Final = (
    None,
    BookingStatus.NEW,
    BookingStatus.PENDING,
    BookingStatus.CONFIRMED,
    BookingStatus.CANCELLED,
)
_LAUNCH: Final = datetime.now(UTC).replace(hour=0, minute=0, second=0) - timedelta(days=548)
"""A day in the middle, with a fiftieth of all bookings: the hardest place of a list."""
_BOOKINGS: Final = """
    INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed, created_at)
    SELECT n, 'Student ' || n, 1 + n % 5, 'stream ' || n % 7,
           (ARRAY[2, 2, 2, 2, 2, 2, 2, -1, -1, 1, 0])[1 + floor(random() * 11)::integer],
           CASE n % 50
           WHEN 0 THEN $2::timestamptz + random() * interval '1 day'
           ELSE now() - interval '3 years' * (1 - n::float / $1) - random() * interval '1 hour'
           END
      FROM generate_series(1, $1::bigint) AS n
"""


class _School:
    """A database of bookings, and what the desk asks of it."""

    def __init__(self, db: Database, middles: Mapping[BookingStatus | None, Booking]) -> None:
        self._db = db
        self._middles = middles

    @classmethod
    async def opened(cls, db: Database) -> "_School":
        """Find the middle of each tab: what is listed next from noon of the busiest day."""
        async with db.transaction() as uow:
            await uow.counts.fold()
        middles = {}
        async with db.snapshot() as uow:
            for tab in _TABS:
                noon = _LAUNCH + timedelta(hours=12)
                place = Place(status=tab, edge=Edge.FROM, at=noon, id=0)
                [middles[tab]] = await uow.bookings.page(place, limit=1)
        return cls(db, middles)

    def operations(self) -> Mapping[str, Operation]:
        """Return every query of a list by name."""
        asked: dict[str, Operation] = {"the counts of all tabs": self._counts}
        for tab in _TABS:
            name = "all" if tab is None else tab.value
            middle = self._middles[tab]
            between = Place(status=tab, edge=Edge.AFTER, at=middle.listed_at, id=middle.id)
            first, last = Place(status=tab), Place(status=tab, edge=Edge.LAST)
            asked[f"{name}: first page"] = partial(self._page, first)
            asked[f"{name}: page in the busiest day"] = partial(self._page, between)
            asked[f"{name}: last page"] = partial(self._page, last)
            asked[f"{name}: rank in the busiest day"] = partial(self._rank, tab)
            asked[f"{name}: the whole list in the busiest day"] = partial(self._list, between)
        return asked

    async def _counts(self) -> None:
        async with self._db.snapshot() as uow:
            await uow.counts.by_status()

    async def _page(self, place: Place) -> None:
        async with self._db.snapshot() as uow:
            await uow.bookings.page(place, limit=PAGE_SIZE)

    async def _rank(self, tab: BookingStatus | None) -> None:
        middle = self._middles[tab]
        async with self._db.snapshot() as uow:
            await uow.counts.before_hour(middle.listed_at, tab)
            await uow.bookings.rank_within_hour(middle, tab)

    async def _list(self, place: Place) -> None:
        async with self._db.snapshot() as uow:
            await read_list(uow, place)


async def measure(*, sizes: Sequence[int], rounds: int) -> Section:
    """Compare schools of these sizes to one of ten thousand, by turns."""
    async with Databases.running() as databases, AsyncExitStack() as stack:
        operations: list[Mapping[str, Operation]] = []
        for size in (_FEW, *sizes):
            db, _ = await stack.enter_async_context(databases.filled(_filling(size)))
            operations.append((await _School.opened(db)).operations())
        rows, misses = [], []
        for name in operations[0]:
            asked = {str(n): each[name] for n, each in enumerate(operations)}
            few, *many = (await by_turns(asked, rounds)).values()
            kept = all(_kept(few, each) for each in many)
            rows.append((name, *_cells(few, many), "kept" if kept else "missed"))
            misses += [] if kept else [name]
    title = "The lists, milliseconds at p50 / p99, and times the p50 of ten thousand bookings"
    columns = [f"{size:,}" for size in sizes]
    goal = f"goal: {_MOST:.0f}, or {_ENOUGH:.0f} ms"
    return Section(title, Table((" ", f"{_FEW:,}", *columns, goal), rows), misses)


def _filling(size: int) -> Fill:
    async def fill(sql: asyncpg.Connection) -> None:
        await sql.execute(_BOOKINGS, size, _LAUNCH)

    return fill


def _kept(few: Times, many: Times) -> bool:
    return many.p50 <= max(_MOST * few.p50, _ENOUGH)


def _cells(few: Times, many: Sequence[Times]) -> Sequence[str]:
    compared = (f"{each.p50:.2f} / {each.p99:.2f} · {each.p50 / few.p50:.1f}" for each in many)
    return (f"{few.p50:.2f} / {few.p99:.2f}", *compared)
