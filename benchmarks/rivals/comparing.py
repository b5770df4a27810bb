"""Rivals beside the desk, by turns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from benchmarks.reports import Figures, Section
from benchmarks.timing import Operation, Times, by_turns
from tests.support.reports import Table

WARM_UP: Final = 3
_HEAD: Final = (" ", "ms, p50", "ms, p95", "ms, p99", "of the desk's", "CPU, ms")


@dataclass(frozen=True, slots=True)
class Answers:
    """How long everybody takes to answer one question, the desk first."""

    question: str
    times: Mapping[str, Times]
    cpu: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds of an answer, where they are known."""

    @classmethod
    async def to(cls, question: str, asked: Mapping[str, Operation], rounds: int) -> Self:
        """Let everybody answer by turns."""
        return cls(question, await by_turns(asked, rounds, warm_up=WARM_UP))

    @property
    def figures(self) -> Iterator[Figures]:
        for name, each in self.times.items():
            yield {
                "name": f"{self.question}: {name}",
                "ms": (each.p50, each.p95, each.p99),
                "of_the_desk": self._of_the_desk(each),
                "cpu_ms": self.cpu.get(name),
            }

    @property
    def rows(self) -> Iterator[Sequence[str]]:
        for name, each in self.times.items():
            times = (f"{tail:.1f}" for tail in (each.p50, each.p95, each.p99))
            cpu = f"{self.cpu[name]:.1f}" if name in self.cpu else ""
            yield f"{self.question}: {name}", *times, f"{self._of_the_desk(each):.1f}", cpu

    def _of_the_desk(self, times: Times) -> float:
        return times.p50 / next(iter(self.times.values())).p50


def section(title: str, answers: Sequence[Answers], note: str) -> Section:
    rows = [row for each in answers for row in each.rows]
    figures = [record for each in answers for record in each.figures]
    return Section(title, Table(_HEAD, rows), figures, note=note)
