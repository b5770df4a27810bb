"""What a run has measured: a short page for people, and every figure for programs."""

import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeAlias

from tests.support.reports import Table, machine, write_page

Figures: TypeAlias = Mapping[str, object]
"""What was measured of one thing, by name."""
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Section:
    """A table under its title, all that was measured for it, and what misses its goal."""

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


async def report(measured: AsyncIterator[Section], command: str, directory: Path | None) -> int:
    """Print each section when it is measured; return 1 if some goal is missed, otherwise 0.

    Args:
        measured: The sections.
        command: How people call this run.
        directory: Where `results.md` and `results.json` are written at the end, if anywhere.
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
    """Yield the file in pieces: one line for whatever was measured, so that changes are seen."""
    head = {"command": command, "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine()}
    yield "{\n"
    for name, value in head.items():
        yield f"  {json.dumps(name)}: {json.dumps(value)},\n"
    yield '  "sections": {\n'
    yield ",\n".join(_section(section) for section in sections)
    yield "\n  }\n}\n"


def _section(section: Section) -> str:
    lines = [f"      {json.dumps(_rounded(each), ensure_ascii=False)}" for each in section.figures]
    return f"    {json.dumps(section.title)}: [\n" + ",\n".join(lines) + "\n    ]"


def _rounded(value: object) -> object:
    match value:
        case float():
            return float(f"{value:.{_DIGITS}g}")
        case Mapping():
            return {str(name): _rounded(each) for name, each in value.items()}
        case list() | tuple():
            return [_rounded(each) for each in value]
    return value
