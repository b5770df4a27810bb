"""The results of a run: a short page for people, and all figures for programs."""

import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from tests.support.programs.reports import Table, machine, write_page

Figures: TypeAlias = Mapping[str, object]
"""The measured values of one row, by name."""
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Section:
    """A table with its title, its figures, and the missed goals."""

    title: str
    table: Table
    figures: Sequence[Figures]
    misses: Sequence[str] = ()
    note: str = ""

    def __str__(self) -> str:
        parts = [f"## {self.title}", str(self.table), self.note]
        return "\n\n".join(filter(None, [*parts, self._missed]))

    @property
    def _missed(self) -> str:
        return "\n".join(f"- missed: {miss}" for miss in self.misses)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, and whether it meets its goal."""

    name: str
    value: float
    goal: str
    kept: bool

    @property
    def cells(self) -> Sequence[str]:
        return (self.name, f"{self.value:.1f}", self.goal, "kept" if self.kept else "missed")


def below(name: str, value: float, most: float) -> Figure:
    """Return a value that has to stay below `most`."""
    return Figure(name, value, f"< {most:g}", value < most)


async def report(measured: AsyncIterator[Section], command: str, directory: Path | None) -> int:
    """Print each section when it is measured; return 1 if a goal is missed, otherwise 0.

    Args:
        measured: The sections.
        command: The command with which people start this run.
        directory: `results.md` and `results.json` are written there at the end.
    """
    sections = []
    async for section in measured:
        sections.append(section)
        sys.stdout.write(f"{section}\n\n")
        sys.stdout.flush()
    if directory:
        write_page(directory / "results.md", command, [str(section) for section in sections])
        written = "".join(_json(command, sections))
        (directory / "results.json").write_text(written, "utf-8")
    return int(any(section.misses for section in sections))


def _json(command: str, sections: Sequence[Section]) -> Iterator[str]:
    """Yield the file in pieces; each row has one line, so that a diff shows its changes."""
    head = {"command": command, "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine()}
    yield "{\n"
    for name, value in head.items():
        yield f"  {json.dumps(name)}: {json.dumps(value)},\n"
    yield '  "sections": {\n'
    yield ",\n".join(_section(section) for section in sections)
    yield "\n  }\n}\n"


def _section(section: Section) -> str:
    lines = [
        f"      {json.dumps(_rounded(figures), ensure_ascii=False)}" for figures in section.figures
    ]
    return f"    {json.dumps(section.title)}: [\n" + ",\n".join(lines) + "\n    ]"


def _rounded(value: object) -> object:
    match value:
        case float():
            return float(f"{value:.{_DIGITS}g}")
        case Mapping():
            return {str(name): _rounded(figure) for name, figure in value.items()}
        case list() | tuple():
            return [_rounded(item) for item in value]
    return value
