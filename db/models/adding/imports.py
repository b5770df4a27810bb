"""Files of bookings, and what became of their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from db.models.audit import Actor

MOST_BYTES: Final = 20 * 1024**2
"""Of a file; Telegram lets a bot download no more."""
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 100


class ImportState(StrEnum):
    """How far an import has come."""

    READING = "reading"
    REFUSED = "refused"
    """The file cannot be read; nothing has changed."""
    PLANNED = "planned"
    """Its rows are shown, and nothing has changed."""
    RUNNING = "running"
    STOPPED = "stopped"
    """An admin stopped it; a part of its bookings is in the lists."""
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowResult(StrEnum):
    """What became of a row."""

    UNREADABLE = "unreadable"
    DUPLICATE = "duplicate"
    ADDED = "added"
    REFUSED = "refused"
    """The school's table did not take it."""
    UNDONE = "undone"
    KEPT = "kept"
    """It could not be undone: somebody has changed the booking since, or refers to it."""


class Field(StrEnum):
    """What a column can be."""

    PERSON = "person"
    USERNAME = "username"
    NAME = "name"
    COURSE = "course"
    STREAM = "stream"
    STATUS = "status"
    CREATED = "created"
    CODE = "code"
    DISCOUNT = "discount"


class FileProblem(StrEnum):
    """Why a file cannot be read at all."""

    EMPTY = "empty"
    ARCHIVE = "archive"
    """A workbook or another archive."""
    BINARY = "binary"
    ENCODING = "encoding"
    QUOTES = "quotes"
    LONG = "long"
    """A row or a cell is too long."""
    COLUMNS = "columns"
    ROWS = "rows"
    NO_ROWS = "no_rows"
    """There is a header, and nothing else."""
    TROUBLE = "trouble"
    """Reading it has ended the program, more than once."""


class CellProblem(StrEnum):
    """Why a row cannot be read."""

    NOBODY = "nobody"
    """It has neither a number nor a username."""
    NO_ID = "no_id"
    PHONE = "phone"
    NO_USERNAME = "no_username"
    UNKNOWN_USERNAME = "unknown_username"
    LONG = "long"
    COURSE = "course"
    STATUS = "status"
    DATE = "date"
    DATE_UNCLEAR = "date_unclear"
    """The day and the month may be either way round."""
    DATE_AHEAD = "date_ahead"
    DISCOUNT = "discount"
    CELLS = "cells"
    """The row has more cells than the header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a file is written."""

    encoding: str
    delimiter: str
    has_header: bool
    header: Sequence[str]
    """The names of the columns; "" for one without a name."""
    skipped: int = 0
    """Lines before the header."""
    month_first: bool | None = None
    """How dates with slashes are meant; None if nothing in the file tells."""


class Row(NamedTuple):
    """One row of a file; the fields are the columns of `import_rows`."""

    line: int
    result: RowResult | None = None
    problem: CellProblem | None = None
    field: Field | None = None
    shown: str | None = None
    user_id: int | None = None
    username: str | None = None
    first_name: str | None = None
    course_id: int | None = None
    course_name: str | None = None
    course_stream: str | None = None
    confirmed: int | None = None
    created_at: datetime | None = None
    referral_code: str | None = None
    discount_percent: int | None = None


class AddedRow(NamedTuple):
    """A row that has become a booking."""

    line: int
    booking: int
    revision: int
    followed: bool
    """Whether the user's stream was written."""


class Trouble(NamedTuple):
    """A row that is not added, or not taken back."""

    line: int
    result: RowResult
    problem: str | None
    field: str | None
    shown: str | None
    twin_line: int | None
    twin: int | None
    booking_id: int | None
    actor: str | None
    """Who has changed the booking since; None for another program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file of bookings."""

    id: int
    by: Actor
    state: ImportState
    revision: int
    file_name: str
    layout: Layout | None
    columns: Mapping[Field, int]
    """The numbers of the columns, from 0; a field without a column is left out."""
    problem: FileProblem | None
    problem_line: int | None
    welcomes: bool
    twins: bool
    total: int
    """Rows to add."""
    added: int
    """Bookings of it that are in the lists."""
    chat_id: int | None
    message_id: int | None
    language: str | None
    undo_until: datetime | None
    undone_by: Actor | None
    results: Mapping[RowResult | None, int] = field(default_factory=dict)
    """The number of rows with each result; None counts those that wait."""
    confirmed: int = 0
    """How many of those that wait are confirmed."""
    new_courses: Sequence[str] = ()
    """The first names of courses that there are not yet."""

    def number(self, *results: RowResult | None) -> int:
        return sum(self.results.get(result, 0) for result in results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """An import of which only a part is in the lists."""

    by: str
    state: ImportState
    added: int
    total: int
