"""The cost of an update in the desk, in a bare aiogram bot, and without a framework."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from statistics import median
from typing import Final, Self, TypeAlias

from benchmarks.pipeline.contender import Cost
from benchmarks.pipeline.field import Entry, Field, Mode, Program
from benchmarks.pipeline.script import Script, Statement, Work
from benchmarks.support.reports import Section
from benchmarks.support.timing import Times, ratio
from tests.support.programs.reports import Table

_Costs: TypeAlias = Sequence[Cost]
"""The costs of each round."""
_WARM_UP: Final = 2
_UPDATES: Final = 60
"""Updates in a turn of one contender."""
_BOOKINGS: Final = 20_000
_MOST_QUERIES: Final = 3
_NOTE: Final = """\
Everybody makes the desk's calls and statements, those that claim an update of a webhook among
them. A poll brings one update, as it does where admins press now and then."""
_NAMES: Final = {Work.LIST: "/pending", Work.CARD: "a card", Work.CONFIRM: "Confirm"}
#: The lowest ratio of the other program's CPU for an update to the desk's.
_GOALS: Final[Mapping[tuple[Work, Program], float]] = {
    (Work.LIST, Program.BARE): 1.0,
    (Work.CARD, Program.BARE): 1.0,
    (Work.CONFIRM, Program.BARE): 1.0,
    (Work.LIST, Program.FLOOR): 0.5,
    (Work.CONFIRM, Program.FLOOR): 0.6,
}


async def measure(*, rounds: int, modes: Sequence[Mode]) -> Section:
    """Let all contenders do all works, by turns."""
    async with Field.entered(modes, bookings=_BOOKINGS) as field:
        turns: dict[tuple[Work, Entry], list[Cost]] = {
            (work, entry): [] for work in Work for entry in field.contenders
        }
        for n in range(-_WARM_UP, rounds):
            for (work, entry), costs in turns.items():
                contender = field.contenders[entry]
                cost = await contender.play(work, _UPDATES, field.script.screens)
                if n >= 0:
                    costs.append(cost)
    return _section(field.script, turns)


def _section(script: Script, turns: Mapping[tuple[Work, Entry], _Costs]) -> Section:
    rows, figures, misses = [], [], []
    for (work, entry), costs in turns.items():
        desk = turns[work, Entry(Program.DESK, entry.mode)]
        more = ratio(_cpu(costs), _cpu(desk))
        goal = _GOALS.get((work, entry.program))
        name = f"{_NAMES[work]}, {entry.mode}: {entry.program}"
        measured = _Measured.of(costs, more)
        rows.append((name, *measured.cells, "" if goal is None else f"{goal}"))
        figures.append({"name": name, **asdict(measured)})
        if goal is not None and more < goal:
            misses.append(f"{name}: {more:.2f} of the desk's, not {goal}")
    queries = sum(not _is_bracket(statement) for statement in script.sql[Work.LIST])
    if queries > _MOST_QUERIES:
        misses.append(f"/pending makes {queries} queries")
    columns = (" ", "CPU, ms", "of the desk's", "updates/s", "ms, p50", "ms, p99", "goal")
    title = f"An update: its CPU and its time; /pending makes {queries} queries"
    return Section(title, Table(columns, rows), figures, misses, _NOTE)


@dataclass(frozen=True, slots=True)
class _Measured:
    """The median cost of one contender's updates."""

    cpu_ms: float
    of_the_desk: float
    """The ratio of the CPU to the desk's."""
    updates_a_second: float
    p50: float
    p99: float

    @classmethod
    def of(cls, costs: _Costs, more: float) -> Self:
        times = Times.of(list(chain.from_iterable(cost.latencies for cost in costs)))
        rate = median(cost.updates / cost.seconds for cost in costs)
        return cls(median(_cpu(costs)), more, rate, times.p50, times.p99)

    @property
    def cells(self) -> Sequence[str]:
        return (
            f"{self.cpu_ms:.2f}",
            f"{self.of_the_desk:.2f}",
            f"{self.updates_a_second:.0f}",
            f"{self.p50:.1f}",
            f"{self.p99:.1f}",
        )


def _cpu(costs: _Costs) -> Sequence[float]:
    """Return the CPU milliseconds of an update in each round."""
    return [cost.cpu_per_update for cost in costs]


def _is_bracket(statement: Statement) -> bool:
    """Whether the statement only begins or ends a transaction."""
    return statement[0].startswith(("BEGIN", "COMMIT"))
