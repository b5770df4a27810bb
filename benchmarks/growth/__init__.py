"""What the desk costs when a school has many bookings: as much as with ten thousand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from benchmarks.growth.lists import Lists
from benchmarks.growth.places import Places
from benchmarks.growth.presses import presses
from benchmarks.growth.screens import Screens
from benchmarks.reports import Section
from benchmarks.schools.school import School
from benchmarks.timing import Operation, Times, by_turns
from db.database import Database
from tests.support.reports import Table

_Turns: TypeAlias = Callable[[Mapping[str, Operation]], Awaitable[Mapping[str, Times]]]
_BOUNDED: Final = """\
There are bounds that ten thousand bookings do not reach: the 1,000 up to which counts are exact,
and 1,000 that are looked at for what no index leads to."""
_FOUND: Final = f"""\
{_BOUNDED} People of a common name, up to 5,000, lie side by side there, and among millions each on
a page of their own."""
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
    reason: str = ""
    """Why some cost more."""
    limit: float | None = None
    """Milliseconds at p95, whatever the size."""

    @property
    def goal(self) -> str:
        more = "" if self.limit is None else f", {self.limit:.0f} ms at p95"
        return f"goal: {self.most:g}{more}"

    def kept(self, few: Times, many: Sequence[Times]) -> bool:
        return all(
            each.over(few) <= self.most and each.p95 <= (self.limit or each.p95) for each in many
        )


async def measure(
    schools: Sequence[School], *, rounds: int, updates: int
) -> AsyncIterator[Section]:
    """Compare schools to the first one, which is the smallest, by turns."""
    sizes = [school.bookings for school in schools]
    async with AsyncExitStack() as stack:
        databases = [
            await stack.enter_async_context(Database.connect(school.dsn, connections=1))
            for school in schools
        ]
        places = [await Places.found(db) for db in databases]
        for subject in await _queries(databases, places):
            yield await _section(subject, sizes, partial(by_turns, rounds=rounds))
        desks = await asyncio.gather(
            *(stack.enter_async_context(school.bot("bot", "run")) for school in schools)
        )
        pressed = [presses(*each) for each in zip(desks, places, strict=True)]
        turns = partial(by_turns, rounds=updates, warm_up=_UPDATES_WARM_UP, pause=_PAUSE)
        yield await _section(_Subject("Whole updates", 1.2, pressed, _BOUNDED), sizes, turns)


async def _queries(databases: Sequence[Database], places: Sequence[Places]) -> Sequence[_Subject]:
    lists = [Lists(*each) for each in zip(databases, places, strict=True)]
    screens = [Screens(*each) for each in zip(databases, places, strict=True)]
    return [
        _Subject("Pages of the lists, in SQL", 1.2, [each.pages() for each in lists]),
        _Subject(
            "Pages of filtered lists, in SQL",
            1.2,
            [each.filtered_pages() for each in lists],
            _BOUNDED,
        ),
        _Subject("Lists, counted, in SQL", 1.2, [each.lists() for each in lists]),
        _Subject(
            "Filtered lists, counted, in SQL",
            1.5,
            [each.filtered_lists() for each in lists],
            _BOUNDED,
        ),
        _Subject(
            "Other screens, in SQL", 1.5, [await each.screens() for each in screens], _BOUNDED
        ),
        _Subject(
            "Searches, in SQL",
            1.5,
            [await each.searches() for each in screens],
            _FOUND,
            limit=_SLOWEST,
        ),
    ]


async def _section(subject: _Subject, sizes: Sequence[int], turns: _Turns) -> Section:
    rows, misses = [], []
    for name in subject.operations[0]:
        asked = {str(n): each[name] for n, each in enumerate(subject.operations)}
        few, *many = (await turns(asked)).values()
        kept = subject.kept(few, many)
        rows.append((name, *_cells(few, many), "kept" if kept else "missed"))
        misses += [] if kept else [f"{subject.title}: {name}"]
    fewest, *columns = (f"{size:,}" for size in sizes)
    what = "milliseconds at p50 / p95 / p99, and times those"
    title = f"{subject.title}, {what} of {fewest} bookings"
    table = Table((" ", fewest, *columns, subject.goal), rows)
    return Section(title, table, misses, note=subject.reason if misses else "")


def _cells(few: Times, many: Sequence[Times]) -> Sequence[str]:
    return (f"{few}", *(f"{each} · {each.over(few):.2f}" for each in many))
