"""The desk and its rivals, by turns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from benchmarks.support.reports import Figures, Section
from benchmarks.support.timing import Operation, Times, by_turns
from tests.support.programs.reports import Table

WARM_UP: Final = 3
_HEAD: Final = (" ", "ms, p50", "ms, p95", "ms, p99", "of the desk's", "CPU, ms")


@dataclass(frozen=True, slots=True)
class Answers:
    """The times of all programs for one question, the desk first."""

    question: str
    times: Mapping[str, Times]
    cpu: Mapping[str, float] = field(default_factory=dict)
    """CPU milliseconds of an answer, if they are known."""

    @classmethod
    async def to(cls, question: str, operations: Mapping[str, Operation], rounds: int) -> Self:
        """Let all programs answer by turns."""
        return cls(question, await by_turns(operations, rounds, warm_up=WARM_UP))

    @property
    def figures(self) -> Iterator[Figures]:
        for name, times in self.times.items():
            yield {
                "name": f"{self.question}: {name}",
                "ms": (times.p50, times.p95, times.p99),
                "of_the_desk": self._of_the_desk(times),
                "cpu_ms": self.cpu.get(name),
            }

    @property
    def rows(self) -> Iterator[Sequence[str]]:
        for name, times in self.times.items():
            ms = (f"{percentile:.1f}" for percentile in (times.p50, times.p95, times.p99))
            cpu = f"{self.cpu[name]:.1f}" if name in self.cpu else ""
            yield f"{self.question}: {name}", *ms, f"{self._of_the_desk(times):.1f}", cpu

    def _of_the_desk(self, times: Times) -> float:
        return times.p50 / next(iter(self.times.values())).p50


def section(title: str, answers: Sequence[Answers], note: str) -> Section:
    rows = [row for answer in answers for row in answer.rows]
    figures = [record for answer in answers for record in answer.figures]
    return Section(title, Table(_HEAD, rows), figures, note=note)
