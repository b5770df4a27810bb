"""The cost of the desk with many bookings, compared to ten thousand."""

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
from benchmarks.schools.school import School
from benchmarks.support.reports import Figures, Section
from benchmarks.support.timing import Operation, Times, by_turns
from db.database import Database
from tests.support.programs.reports import Table

_Turns: TypeAlias = Callable[[Mapping[str, Operation]], Awaitable[Mapping[str, Times]]]
_NOTE: Final = """\
The times are those of the most bookings: the median of all operations, and the slowest of them.
There are bounds that ten thousand bookings do not reach: the 1,000 up to which counts are exact,
and 1,000 that are looked at for what no index leads to. People of a common name, up to 5,000, lie
side by side there, and among millions each on a page of their own."""
_UPDATES_WARM_UP: Final = 3
_PAUSE: Final = 0.003
"""Seconds in which a bot finishes its work after the answer, so that it delays no other bot."""
_SLOWEST: Final = 50.0
"""Milliseconds that 95 % of the searches may take at most."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """A group of operations, and the highest ratio of their cost with many bookings."""

    title: str
    most: float
    operations: Sequence[Mapping[str, Operation]]
    """The operations of each school, the smallest school first."""
    limit: float | None = None
    """Milliseconds at p95, for schools of any size."""

    @property
    def goal(self) -> str:
        return f"{self.most:g}" if self.limit is None else f"{self.most:g}, {self.limit:g} ms"


@dataclass(frozen=True, slots=True)
class _Row:
    """The times of one operation of a subject in each school."""

    subject: _Subject
    name: str
    few: Times
    many: Sequence[Times]

    @property
    def ratio(self) -> float:
        """The highest ratio of the time with many bookings to the time with few."""
        return max(times.over(self.few) for times in self.many)

    @property
    def missed(self) -> bool:
        slow = self.subject.limit is not None and self.slowest > self.subject.limit
        return slow or self.ratio > self.subject.most

    @property
    def slowest(self) -> float:
        """The highest time at p95, in milliseconds."""
        return max(times.p95 for times in self.many)

    @property
    def figures(self) -> Figures:
        ms = [(times.p50, times.p95, times.p99) for times in (self.few, *self.many)]
        ratios = [times.over(self.few) for times in self.many]
        return {"subject": self.subject.title, "name": self.name, "ms": ms, "ratio": ratios}

    def __str__(self) -> str:
        return (
            f"{self.subject.title}: {self.name}, {self.many[-1]} ms at p50 / p95 / p99,"
            f" {self.ratio:.2f} times"
        )


async def measure(schools: Sequence[School], *, rounds: int, updates: int) -> Section:
    """Compare the schools to the first one, which is the smallest, by turns."""
    async with AsyncExitStack() as stack:
        databases = [
            await stack.enter_async_context(Database.connect(school.dsn, connections=2))
            for school in schools
        ]
        places = [await Places.found(db) for db in databases]
        turns = partial(by_turns, rounds=rounds)
        queries = await _queries(databases, places)
        measured = [(subject, await _rows(subject, turns)) for subject in queries]
        desks = await asyncio.gather(
            *(stack.enter_async_context(school.bot("bot", "run")) for school in schools)
        )
        by_school = [presses(desk, visited) for desk, visited in zip(desks, places, strict=True)]
        turns = partial(by_turns, rounds=updates, warm_up=_UPDATES_WARM_UP, pause=_PAUSE)
        whole = _Subject("whole updates", 1.2, by_school)
        measured.append((whole, await _rows(whole, turns)))
    return _section([school.bookings for school in schools], measured)


async def _queries(databases: Sequence[Database], places: Sequence[Places]) -> Sequence[_Subject]:
    schools = list(zip(databases, places, strict=True))
    lists = [Lists(db, visited) for db, visited in schools]
    screens = [Screens(db, visited) for db, visited in schools]
    return [
        _Subject("pages, in SQL", 1.2, [school.pages() for school in lists]),
        _Subject("filtered pages, in SQL", 1.2, [school.filtered_pages() for school in lists]),
        _Subject("pages and counts, in SQL", 1.2, [school.lists() for school in lists]),
        _Subject(
            "filtered, with counts, in SQL", 1.5, [school.filtered_lists() for school in lists]
        ),
        _Subject("other screens, in SQL", 1.5, [await school.screens() for school in screens]),
        _Subject(
            "searches, in SQL",
            1.5,
            [await school.searches() for school in screens],
            limit=_SLOWEST,
        ),
    ]


async def _rows(subject: _Subject, turns: _Turns) -> Sequence[_Row]:
    rows = []
    for name in subject.operations[0]:
        operations = {str(n): school[name] for n, school in enumerate(subject.operations)}
        few, *many = (await turns(operations)).values()
        rows.append(_Row(subject, name, few, many))
    return rows


def _section(sizes: Sequence[int], measured: Sequence[tuple[_Subject, Sequence[_Row]]]) -> Section:
    columns = (" ", "number", "ms, p50", "slowest, p95", "ratio", "most", "goal", "missed")
    rows = [row for _, of_subject in measured for row in of_subject]
    most = " and ".join(f"{size:,}" for size in sizes[1:])
    return Section(
        f"{most} bookings, and how many times what {sizes[0]:,} take",
        Table(columns, [_cells(subject, of_subject) for subject, of_subject in measured]),
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
