"""What the desk's screens cost when a school has many bookings: as much as with ten thousand."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from benchmarks.databases import Databases
from benchmarks.finding import Finding
from benchmarks.lists import Lists
from benchmarks.reports import Section, Table
from benchmarks.schools import filling
from benchmarks.timing import Operation, Times, by_turns
from db.database import Database

_REASON: Final = """\
What misses reads rows that lie side by side with ten thousand bookings, and each on a page of its
own with millions: those whose welcome waits, up to 2,000, and 5,000 people of a common name. Or it
reads up to a bound that ten thousand bookings do not reach: the 1,000 up to which counts are
exact, and 1,000 of what no index leads to. What fits on one page is not counted at all."""
_FEW: Final = 10_000
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
        more = "" if self.limit is None else f", {self.limit:.0f} ms at p95"
        return f"goal: {self.most:g}{more}"

    def kept(self, few: Times, many: Sequence[Times]) -> bool:
        return all(
            each.p50 <= self.most * few.p50 and each.p95 <= (self.limit or each.p95)
            for each in many
        )


async def measure(*, sizes: Sequence[int], rounds: int) -> Sequence[Section]:
    """Compare schools of these sizes to one of ten thousand, by turns."""
    async with Databases.running() as databases, AsyncExitStack() as stack:
        schools = []
        for size in (_FEW, *sizes):
            db, _ = await stack.enter_async_context(databases.filled(filling(size)))
            await _settle(db)
            schools.append((await Lists.opened(db), await Finding.opened(db)))
        subjects = [
            _Subject("Pages of the lists", 1.2, [lists.pages() for lists, _ in schools]),
            _Subject("Lists, counted", 1.2, [lists.lists() for lists, _ in schools]),
            _Subject("Pages of filtered lists", 1.2, [each.pages() for _, each in schools]),
            _Subject("Filtered lists, counted", 1.2, [each.lists() for _, each in schools]),
            _Subject("Screens", 1.5, [finding.screens() for _, finding in schools]),
            _Subject(
                "Searches", 1.5, [finding.searches() for _, finding in schools], limit=_SLOWEST
            ),
        ]
        return [await _section(subject, sizes, rounds) for subject in subjects]


async def _settle(db: Database) -> None:
    """Do what the desk does every minute."""
    async with db.transaction() as uow:
        await uow.counts.fold()


async def _section(subject: _Subject, sizes: Sequence[int], rounds: int) -> Section:
    rows, misses = [], []
    for name in subject.operations[0]:
        asked = {str(n): each[name] for n, each in enumerate(subject.operations)}
        few, *many = (await by_turns(asked, rounds)).values()
        kept = subject.kept(few, many)
        rows.append((name, *_cells(few, many), "kept" if kept else "missed"))
        misses += [] if kept else [f"{subject.title}: {name}"]
    title = f"{subject.title}, milliseconds at p50 / p95, and times the p50 of {_FEW:,} bookings"
    columns = [f"{size:,}" for size in sizes]
    table = Table((" ", f"{_FEW:,}", *columns, subject.goal), rows)
    return Section(title, table, misses, note=_REASON if misses else "")


def _cells(few: Times, many: Sequence[Times]) -> Sequence[str]:
    compared = (f"{each.p50:.2f} / {each.p95:.2f} · {each.p50 / few.p50:.1f}" for each in many)
    return (f"{few.p50:.2f} / {few.p95:.2f}", *compared)
