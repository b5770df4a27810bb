"""The pages of each status's tab beside one another: the order of a tab costs nothing."""

from collections.abc import Mapping
from statistics import median
from typing import Final

from benchmarks.growth.lists import Lists
from benchmarks.growth.places import Places
from benchmarks.schools.school import School
from benchmarks.support.reports import Section
from benchmarks.support.timing import Times, by_turns, ratio
from bot.views.lists import Tab
from db.database import Database
from db.models.bookings import BookingStatus
from tests.support.programs.reports import Table

_MOST: Final = 1.5
"""How many times as long a page may take as the same page of the other tabs, in the median."""


async def measure_tabs(school: School, *, rounds: int) -> Section:
    """Turn the pages of all tabs of one school by turns."""
    async with Database.connect(school.dsn, connections=2) as db:
        pages = Lists(db, await Places.found(db)).pages()
        measured = await by_turns(pages, rounds)
    ratios = {name: _beside_others(name, measured) for name in measured}
    return Section(
        f"Pages of {school.bookings:,} bookings, and how many times what other tabs' pages take",
        _table(measured, ratios),
        [
            {"name": name, "ms": (times.p50, times.p95, times.p99), "ratio": ratios[name]}
            for name, times in measured.items()
        ],
        [f"{name}: {over:.2f} times" for name, over in ratios.items() if over > _MOST],
    )


def _beside_others(name: str, measured: Mapping[str, Times]) -> float:
    """Return the ratio of a page's time to that of the same page of other tabs, in the median."""
    tab, _, page = name.partition(": ")
    others = [
        times.seconds
        for other, times in measured.items()
        if other != f"{tab}: {page}" and other.endswith(f": {page}")
    ]
    return ratio(measured[name].seconds, [median(turn) for turn in zip(*others, strict=True)])


def _table(measured: Mapping[str, Times], ratios: Mapping[str, float]) -> Table:
    rows = [
        (name, _order(name), f"{times.p50:.2f}", f"{times.p95:.2f}", f"{ratios[name]:.2f}")
        for name, times in measured.items()
    ]
    return Table((" ", "order", "ms, p50", "p95", f"ratio, goal: {_MOST}"), rows)


def _order(name: str) -> str:
    tab = name.partition(":")[0]
    newest = Tab(None if tab == "all" else BookingStatus(tab)).newest_first
    return "newest first" if newest else "oldest first"
