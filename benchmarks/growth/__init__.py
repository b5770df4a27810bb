"""What the desk costs when a school has many bookings: as much as with ten thousand."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Final, TypeAlias

from benchmarks.growth.lists import Lists
from benchmarks.growth.places import Places
from benchmarks.growth.presses import presses
from benchmarks.growth.screens import Screens
from benchmarks.reports import Figures, Section
from benchmarks.schools.school import School
from benchmarks.timing import Operation, Times, by_turns
from db.database import Database
from tests.support.reports import Table

_Turns: TypeAlias = Callable[[Mapping[str, Operation]], Awaitable[Mapping[str, Times]]]
_NOTE: Final = """\
The times are those of the most bookings: the median of all operations, and the slowest of them.
There are bounds that ten thousand bookings do not reach: the 1,000 up to which counts are exact,
and 1,000 that are looked at for what no index leads to. People of a common name, up to 5,000, lie
side by side there, and among millions each on a page of their own."""
_UPDATES_WARM_UP: Final = 3
_PAUSE: Final = 0.003
"""Seconds; a bot that has answered has still something to do, which would delay another."""
_SLOWEST: Final = 50.0
"""Milliseconds that a search may take, but for one in twenty."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """A group of operations, and how much more of each may cost with many bookings."""

    title: str
    most: float
    operations: Sequence[Mapping[str, Operation]]
    """For each school, the smallest first."""
    limit: float | None = None
    """Milliseconds at p95, whatever the size."""

    @property
    def goal(self) -> str:
        return f"{self.most:g}" if self.limit is None else f"{self.most:g}, {self.limit:g} ms"


@dataclass(frozen=True, slots=True)
class _Row:
    """What one operation of a subject takes in each school."""

    subject: _Subject
    name: str
    few: Times
    many: Sequence[Times]

    @property
    def ratio(self) -> float:
        """How many times what it takes with few bookings, at the most."""
        return max(each.over(self.few) for each in self.many)

    @property
    def missed(self) -> bool:
        slow = self.subject.limit is not None and self.slowest > self.subject.limit
        return slow or self.ratio > self.subject.most

    @property
    def slowest(self) -> float:
        """Milliseconds at p95, at the most."""
        return max(each.p95 for each in self.many)

    @property
    def figures(self) -> Figures:
        times = [(each.p50, each.p95, each.p99) for each in (self.few, *self.many)]
        ratios = [each.over(self.few) for each in self.many]
        return {"subject": self.subject.title, "name": self.name, "ms": times, "ratio": ratios}

    def __str__(self) -> str:
        return (
            f"{self.subject.title}: {self.name}, {self.many[-1]} ms at p50 / p95 / p99,"
            f" {self.ratio:.2f} times"
        )


async def measure(schools: Sequence[School], *, rounds: int, updates: int) -> Section:
    """Compare schools to the first one, which is the smallest, by turns."""
    async with AsyncExitStack() as stack:
        databases = [
            await stack.enter_async_context(Database.connect(school.dsn, connections=1))
            for school in schools
        ]
        places = [await Places.found(db) for db in databases]
        turns = partial(by_turns, rounds=rounds)
        queries = await _queries(databases, places)
        measured = [(each, await _rows(each, turns)) for each in queries]
        desks = await asyncio.gather(
            *(stack.enter_async_context(school.bot("bot", "run")) for school in schools)
        )
        pressed = [presses(*each) for each in zip(desks, places, strict=True)]
        turns = partial(by_turns, rounds=updates, warm_up=_UPDATES_WARM_UP, pause=_PAUSE)
        whole = _Subject("whole updates", 1.2, pressed)
        measured.append((whole, await _rows(whole, turns)))
    return _section([school.bookings for school in schools], measured)


async def _queries(databases: Sequence[Database], places: Sequence[Places]) -> Sequence[_Subject]:
    lists = [Lists(*each) for each in zip(databases, places, strict=True)]
    screens = [Screens(*each) for each in zip(databases, places, strict=True)]
    return [
        _Subject("pages, in SQL", 1.2, [each.pages() for each in lists]),
        _Subject("filtered pages, in SQL", 1.2, [each.filtered_pages() for each in lists]),
        _Subject("pages and counts, in SQL", 1.2, [each.lists() for each in lists]),
        _Subject("filtered, with counts, in SQL", 1.5, [each.filtered_lists() for each in lists]),
        _Subject("other screens, in SQL", 1.5, [await each.screens() for each in screens]),
        _Subject(
            "searches, in SQL", 1.5, [await each.searches() for each in screens], limit=_SLOWEST
        ),
    ]


async def _rows(subject: _Subject, turns: _Turns) -> Sequence[_Row]:
    rows = []
    for name in subject.operations[0]:
        asked = {str(n): each[name] for n, each in enumerate(subject.operations)}
        few, *many = (await turns(asked)).values()
        rows.append(_Row(subject, name, few, many))
    return rows


def _section(sizes: Sequence[int], measured: Sequence[tuple[_Subject, Sequence[_Row]]]) -> Section:
    columns = (" ", "number", "ms, p50", "slowest, p95", "ratio", "most", "goal", "missed")
    rows = [row for _, each in measured for row in each]
    most = " and ".join(f"{size:,}" for size in sizes[1:])
    return Section(
        f"{most} bookings, and how many times what {sizes[0]:,} take",
        Table(columns, [_cells(*each) for each in measured]),
        [row.figures for row in rows],
        [str(row) for row in rows if row.missed],
        _NOTE,
    )


def _cells(subject: _Subject, rows: Sequence[_Row]) -> Sequence[str]:
    return (
        subject.title,
        f"{len(rows)}",
        f"{median(row.many[-1].p50 for row in rows):.2f}",
        f"{max(row.many[-1].p95 for row in rows):.2f}",
        f"{median(row.ratio for row in rows):.2f}",
        f"{max(row.ratio for row in rows):.2f}",
        subject.goal,
        f"{sum(row.missed for row in rows)}",
    )
