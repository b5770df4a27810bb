"""What a run has measured, as people read it in a terminal and on a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.reports import Table


@dataclass(frozen=True, slots=True)
class Section:
    """A table under its title, and which of its figures miss their goal."""

    title: str
    table: Table | None
    """None: not measured; the note says why."""
    misses: Sequence[str]
    note: str = ""

    def __str__(self) -> str:
        table = "" if self.table is None else str(self.table)
        return "\n\n".join(filter(None, [f"## {self.title}", table, self.note]))
