"""Reading whole files, with the words of both languages."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.i18n import Translators
from bot.services.adding.files.reading import look_through, read, survey
from bot.services.adding.files.text import Unreadable
from db.models.adding.imports import Field, FileProblem, Layout, Row

BERLIN: Final = ZoneInfo("Europe/Berlin")
WORDS: Final = Translators(default="en", timezone=BERLIN).words_of_files
NOW: Final = datetime(2027, 1, 1, 12, tzinfo=UTC)


def parsed(content: bytes) -> tuple[Layout, Mapping[Field, int], Sequence[Row]]:
    """Return the layout, the columns and the rows of a file."""
    layout, columns = survey(content, WORDS)
    layout = look_through(content, layout, columns)
    rows = list(read(content, layout, columns, words=WORDS, zone=BERLIN, now=NOW))
    return layout, columns, rows


def rows_of(text: str, encoding: str = "utf-8") -> Sequence[Row]:
    return parsed(text.encode(encoding))[2]


def refusal_of(content: bytes) -> tuple[FileProblem, int | None]:
    """Return why a file cannot be read, and where."""
    try:
        parsed(content)
    except Unreadable as refusal:
        return refusal.problem, refusal.line
    raise AssertionError("it can be read")
