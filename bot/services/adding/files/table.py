"""From the lines of a file to its rows."""

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from bot.services.adding.files.text import Lines, Unreadable
from db.models.adding.imports import MOST_COLUMNS, MOST_ROWS, FileProblem, Layout

DELIMITERS: Final = (",", ";", "\t")
_LOOKED_AT: Final = 50
"""Rows that tell the delimiter."""
_ANNOUNCED: Final = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)
"""The first line that a spreadsheet may write."""
_TOO_LONG: Final = "field larger than field limit"


def rows_of(content: bytes, layout: Layout) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the line in which each row begins, and its cells; blank rows and the header are none.

    Raises:
        Unreadable: a row cannot be read, or there are too many.
    """
    rows = read_rows(content, layout.encoding, layout.delimiter, layout.skipped)
    if layout.has_header:
        next(rows, None)
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise Unreadable(FileProblem.ROWS, row[0])
        yield row


def read_rows(
    content: bytes, encoding: str, delimiter: str, skipped: int = 0
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the line in which each row begins, and its cells; the header is one, blank rows none.

    Raises:
        Unreadable: a row cannot be read.
    """
    lines = Lines(content, encoding)
    feed = iter(lines)
    for _ in range(skipped):
        next(feed, None)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        began = lines.number + 1
        lines.begin_row()
        try:
            row = next(reader, None)
        except csv.Error as error:
            long = str(error).startswith(_TOO_LONG)
            problem = FileProblem.LONG if long else FileProblem.QUOTES
            raise Unreadable(problem, began) from None
        if row is None:
            return
        if len(row) > MOST_COLUMNS:
            raise Unreadable(FileProblem.COLUMNS, began)
        if any(cell and not cell.isspace() for cell in row):
            yield began, row


def delimiter_of(content: bytes, encoding: str) -> tuple[str, int]:
    """Return what stands between the cells, and how many lines say so before the header."""
    first = next(iter(Lines(content, encoding)), "")
    if announced := _ANNOUNCED.fullmatch(first):
        return announced[1], 1
    return max(DELIMITERS, key=lambda each: _fitness(content, encoding, each)), 0


def _fitness(content: bytes, encoding: str, delimiter: str) -> tuple[int, int]:
    """Return how many rows have as many cells as the first one, and the number of these cells."""
    widths: list[int] = []
    try:
        for _, row in islice(read_rows(content, encoding, delimiter), _LOOKED_AT):
            widths.append(len(row))
    except Unreadable:
        pass
    first = widths[0] if widths else 0
    return (widths.count(first), first) if first > 1 else (0, 0)
