"""Dates in six spellings.

    2026-12-31        2026-12-31T10:00:00+03:00        31.12.2026        31/12/2026
    12/31/2026        31 Dec 2026, 31 декабря 2026, Dec 31, 2026

Each may have a time of day. A date without a zone is meant at the school.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from db.models.adding.imports import CellProblem

_N: Final = "[0-9]{1,2}"
_DAY: Final = f"(?P<day>{_N})"
_YEAR: Final = "(?P<year>[0-9]{4})"
_WORD: Final = r"(?P<word>[^\W\d_]{3,})\.?"
_TIME: Final = rf"(?:[,T\s]\s*(?P<hour>{_N}):(?P<minute>[0-9]{{2}})(?::(?P<second>[0-9]{{2}}))?)?"
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}.*)?")
_DOTS: Final = re.compile(rf"{_DAY}\.(?P<month>{_N})\.{_YEAR}{_TIME}")
_SLASHES: Final = re.compile(rf"(?P<one>{_N})/(?P<two>{_N})/{_YEAR}{_TIME}")
_WORDS: Final = re.compile(rf"{_DAY}\s+{_WORD},?\s+{_YEAR}(?:\s*г\.?)?{_TIME}")
_WORD_FIRST: Final = re.compile(rf"{_WORD}\s+{_DAY},?\s+{_YEAR}{_TIME}")
_MONTHS: Final = 12
_FIRST_YEAR: Final = 2000
_AHEAD: Final = timedelta(days=1)
"""A clock of another zone may be ahead."""


class NoDate(ValueError):
    """The text is no date."""

    def __init__(self, problem: CellProblem) -> None:
        super().__init__(problem)
        self.problem = problem


class Slashes:
    """What dates with slashes in a column tell of their order."""

    def __init__(self) -> None:
        self._told: set[bool] = set()

    def look(self, text: str) -> None:
        if date := _SLASHES.fullmatch(text.strip()):
            if int(date["one"]) > _MONTHS:
                self._told.add(False)
            if int(date["two"]) > _MONTHS:
                self._told.add(True)

    @property
    def month_first(self) -> bool | None:
        """Whether the month comes first; None if nothing tells, or both do."""
        return next(iter(self._told)) if len(self._told) == 1 else None


class Calendar:
    """Reads the dates of one file."""

    def __init__(
        self,
        *,
        zone: ZoneInfo,
        now: datetime,
        months: Mapping[str, int],
        month_first: bool | None,
    ) -> None:
        """Read months by the first three letters of their names, in lower case."""
        self._zone = zone
        self._now = now
        self._months = months
        self._month_first = month_first

    def read(self, text: str) -> datetime:
        """Return the moment.

        Raises:
            NoDate: it is no date, an unclear one, or lies ahead.
        """
        try:
            moment = self._moment(text.strip())
        except NoDate:
            raise
        except (ValueError, OverflowError):
            raise NoDate(CellProblem.DATE) from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone)
        if moment.year < _FIRST_YEAR:
            raise NoDate(CellProblem.DATE)
        if moment > self._now + _AHEAD:
            raise NoDate(CellProblem.DATE_AHEAD)
        return moment

    def _moment(self, text: str) -> datetime:
        if _ISO.fullmatch(text):
            return datetime.fromisoformat(text)
        if date := _DOTS.fullmatch(text):
            return self._built(date, int(date["month"]), int(date["day"]))
        if date := _SLASHES.fullmatch(text):
            return self._slashed(date)
        if date := _WORDS.fullmatch(text) or _WORD_FIRST.fullmatch(text):
            month = self._months.get(date["word"][:3].lower())
            if month is not None:
                return self._built(date, month, int(date["day"]))
        raise NoDate(CellProblem.DATE)

    def _slashed(self, date: re.Match[str]) -> datetime:
        one, two = int(date["one"]), int(date["two"])
        month_first = self._month_first
        if month_first is None and one != two:
            if one <= _MONTHS and two <= _MONTHS:
                raise NoDate(CellProblem.DATE_UNCLEAR)
            month_first = two > _MONTHS
        return self._built(date, *((one, two) if month_first else (two, one)))

    def _built(self, date: re.Match[str], month: int, day: int) -> datetime:
        hour, minute, second = (int(date[part] or 0) for part in ("hour", "minute", "second"))
        return datetime(int(date["year"]), month, day, hour, minute, second, tzinfo=self._zone)
