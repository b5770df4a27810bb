"""From the cells of a row to a booking, or to what is wrong with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from bot.errors.adding import PersonUnclear, PhoneNumber
from bot.services.adding import answers
from bot.services.adding.files.dates import Calendar, NoDate
from bot.services.visible import visible
from bot.views.adding.imports import Words
from db.models.adding.imports import CellProblem, Field, Row, RowResult
from db.models.bookings import STATUS_CODES, BookingStatus

_LONGEST_NAME: Final = 128
_LONGEST_CODE: Final = 64
_LONGEST_SHOWN: Final = 40
_USERNAME: Final = re.compile(r"@?([A-Za-z0-9_]{2,32})")
_NOTHING: Final = frozenset({"", "none", "null", "-", "—"})
"""What programs write where there is nothing."""
_DISCOUNT: Final = re.compile(r"([0-9]{1,3})(?:[.,]0+)?\s?%?", re.ASCII)
_WHOLE: Final = re.compile(r"-?[0-9]{1,10}", re.ASCII)
_LARGEST: Final = 2**31 - 1
_MOST_PERCENT: Final = 100
T = TypeVar("T")


class _Wrong(Exception):
    """A cell cannot be read."""

    def __init__(self, problem: CellProblem) -> None:
        super().__init__(problem)
        self.problem = problem


class _Cells:
    """The cells of a row, and the one that was taken last."""

    def __init__(self, columns: Mapping[Field, int], cells: Sequence[str]) -> None:
        self._columns = columns
        self._cells = cells
        self.field: Field | None = None
        self.shown = ""

    def take(self, field: Field, read: Callable[[str], T | None]) -> T | None:
        """Return what is read in the column of the field; None without one, or if it is blank."""
        number = self._columns.get(field, len(self._cells))
        self.field = field
        self.shown = self._cells[number].strip() if number < len(self._cells) else ""
        return read(self.shown) if self.shown.lower() not in _NOTHING else None

    def beyond(self, width: int) -> None:
        """Check that no cell stands behind the header's last one."""
        self.shown = "".join(self._cells[width:]).strip()
        if self.shown:
            raise _Wrong(CellProblem.CELLS)


class RowReader:
    """Reads the rows of one file."""

    def __init__(
        self, columns: Mapping[Field, int], width: int, words: Words, calendar: Calendar
    ) -> None:
        """Read the columns; a row has at most `width` cells."""
        self._columns = columns
        self._width = width
        self._words = words
        self._calendar = calendar

    def read(self, line: int, cells: Sequence[str]) -> Row:
        """Return the row; one that cannot be read has its problem."""
        row = _Cells(self._columns, cells)
        try:
            row.beyond(self._width)
            return self._row(line, row)
        except _Wrong as wrong:
            shown = " ".join(row.shown[:_LONGEST_SHOWN].split())
            return Row(line, RowResult.UNREADABLE, wrong.problem, row.field, shown)

    def _row(self, line: int, row: _Cells) -> Row:
        person = row.take(Field.PERSON, _person)
        username = row.take(Field.USERNAME, _username)
        if isinstance(person, str):
            # The column of numbers has a username here.
            username = person
        elif person is None and username is None:
            row.field = Field.PERSON
            raise _Wrong(CellProblem.NOBODY)
        course = row.take(Field.COURSE, _course)
        status = row.take(Field.STATUS, self._status)
        return Row(
            line=line,
            user_id=person if isinstance(person, int) else None,
            username=username,
            first_name=row.take(Field.NAME, partial(_text, longest=_LONGEST_NAME)),
            course_id=course if isinstance(course, int) else None,
            course_name=course if isinstance(course, str) else None,
            course_stream=row.take(Field.STREAM, partial(_text, longest=answers.LONGEST_CODE)),
            confirmed=BookingStatus.NEW.code if status is None else status,
            created_at=row.take(Field.CREATED, self._created),
            referral_code=row.take(Field.CODE, partial(_text, longest=_LONGEST_CODE)),
            discount_percent=row.take(Field.DISCOUNT, _discount),
        )

    def _status(self, text: str) -> int:
        if _WHOLE.fullmatch(text) and int(text) in STATUS_CODES.values():
            return int(text)
        status = self._words.statuses.get(text.casefold())
        if status is None:
            raise _Wrong(CellProblem.STATUS)
        return BookingStatus(status).code

    def _created(self, text: str) -> datetime:
        try:
            return self._calendar.read(text)
        except NoDate as error:
            raise _Wrong(error.problem) from None


def _person(text: str) -> int | str:
    try:
        who = answers.who(text)
    except PhoneNumber:
        raise _Wrong(CellProblem.PHONE) from None
    except PersonUnclear:
        raise _Wrong(CellProblem.NO_ID) from None
    return who if isinstance(who, str) else who.user_id


def _username(text: str) -> str:
    if username := _USERNAME.fullmatch(text):
        return username[1]
    try:
        who = answers.who(text)
    except (PhoneNumber, PersonUnclear):
        raise _Wrong(CellProblem.NO_USERNAME) from None
    if not isinstance(who, str):
        raise _Wrong(CellProblem.NO_USERNAME)
    return who


def _text(text: str, longest: int) -> str | None:
    words = visible(text)
    if len(words) > longest:
        raise _Wrong(CellProblem.LONG)
    return words or None


def _course(text: str) -> int | str | None:
    if not _WHOLE.fullmatch(text):
        return _text(text, answers.LONGEST_NAME)
    if not 0 < int(text) <= _LARGEST:
        raise _Wrong(CellProblem.COURSE)
    return int(text)


def _discount(text: str) -> int:
    percent = _DISCOUNT.fullmatch(text)
    if percent is None or int(percent[1]) > _MOST_PERCENT:
        raise _Wrong(CellProblem.DISCOUNT)
    return int(percent[1])
