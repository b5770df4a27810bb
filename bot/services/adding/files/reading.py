"""A file as a whole: how it is written, and its rows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.services.adding.files.cells import RowReader
from bot.services.adding.files.columns import guess, guess_by_contents, is_header
from bot.services.adding.files.dates import Calendar, Slashes
from bot.services.adding.files.table import delimiter_of, read_rows, rows_of
from bot.services.adding.files.text import Unreadable, encoding_of
from bot.views.adding.imports import Words
from db.models.adding.imports import Field, FileProblem, Layout, Row


def survey(content: bytes, words: Words) -> tuple[Layout, Mapping[Field, int]]:
    """Return how the file is written, and which columns its names tell.

    Raises:
        Unreadable: it cannot be read, or has no bookings.
    """
    encoding = encoding_of(content)
    delimiter, skipped = delimiter_of(content, encoding)
    _, first = next(read_rows(content, encoding, delimiter, skipped), (0, []))
    if not first:
        raise Unreadable(FileProblem.EMPTY)
    has_header = is_header(first, words)
    layout = Layout(
        encoding=encoding,
        delimiter=delimiter,
        has_header=has_header,
        header=[" ".join(name.split()) if has_header else "" for name in first],
        skipped=skipped,
    )
    return layout, guess(first, words) if has_header else guess_by_contents(first)


def look_through(content: bytes, layout: Layout, columns: Mapping[Field, int]) -> Layout:
    """Return the layout with what only all rows can tell: the order of dates with slashes.

    Raises:
        Unreadable: a row cannot be read, or there are none or too many.
    """
    slashes = Slashes()
    dates = columns.get(Field.CREATED)
    rows = 0
    for _, cells in rows_of(content, layout):
        rows += 1
        if dates is not None and dates < len(cells):
            slashes.look(cells[dates])
    if not rows:
        raise Unreadable(FileProblem.NO_ROWS)
    return replace(layout, month_first=slashes.month_first)


def read(
    content: bytes,
    layout: Layout,
    columns: Mapping[Field, int],
    *,
    words: Words,
    zone: ZoneInfo,
    now: datetime,
) -> Iterator[Row]:
    """Yield the rows of a file that has been looked through."""
    calendar = Calendar(zone=zone, now=now, months=words.months, month_first=layout.month_first)
    reader = RowReader(columns, len(layout.header), words, calendar)
    for line, cells in rows_of(content, layout):
        yield reader.read(line, cells)
