"""The options of a filter, and the filter that choosing one leads to.

A button carries the value of an option as a number:

- STATUS: the code of the status
- COURSE, STREAM: the id
- DAYS: the number of days, today included
- MONTH: the number of the month, counted from the year 0
- SINCE, UNTIL: the ordinal of the day
- DISCOUNT: 1 for with, 0 for without
- CODE: the id of a booking with this referral code
- WELCOME: the index of the state
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.errors import ChoiceGone, PeriodBackwards, SearchForgotten
from bot.services.lists.filtered import criteria_of
from bot.views.filters import Option
from db.database import UnitOfWork
from db.models.bookings import STATUS_CODES, status_of
from db.models.filters import Filter, FilterField, WelcomeState

PERIODS: Final = (1, 7, 30)
DEEPEST: Final = 1000
"""Options of a field that can be paged through; others can be typed."""
_WELCOMES: Final = tuple(WelcomeState)
_LAST_DAY: Final = date.max.toordinal()
_MONTHS: Final = range(12, 12 * 10_000)


class _Offer(NamedTuple):
    label: str | None = None
    code: str | None = None
    """Of a stream or a referral."""


_FIXED: Final[Mapping[FilterField, Mapping[int, _Offer]]] = {
    FilterField.STATUS: dict.fromkeys(STATUS_CODES.values(), _Offer()),
    FilterField.DAYS: dict.fromkeys(PERIODS, _Offer()),
    FilterField.DISCOUNT: dict.fromkeys((1, 0), _Offer()),
    FilterField.WELCOME: dict.fromkeys(range(len(_WELCOMES)), _Offer()),
}


class Narrowing:
    """A filter and its options; counts are cached."""

    def __init__(self, uow: UnitOfWork, filter_: Filter, now: datetime) -> None:
        self._uow = uow
        self._filter = filter_
        self._now = now
        self._counts: dict[Filter, int] = {}

    async def options(
        self, field: FilterField, *, offset: int = 0, limit: int
    ) -> tuple[Sequence[Option], bool]:
        """Return the options from number `offset` on, and whether more follow."""
        offers = await self._offers(field, offset, limit + 1)
        options = [
            await self._option(field, value, offer)
            for value, offer in list(offers.items())[:limit]
        ]
        return options, len(offers) > limit and offset + limit < DEEPEST

    async def count(self) -> int:
        """Count the bookings that fit the filter; AtLeast where counting stops."""
        return await self._count(self._filter)

    async def _option(self, field: FilterField, value: int, offer: _Offer) -> Option:
        narrowed = _narrowed(self._filter, field, value, offer.code)
        return Option(
            field=field,
            value=value,
            label=offer.label,
            chosen=narrowed == self._filter,
            count=await self._count(narrowed),
        )

    async def _count(self, filter_: Filter) -> int:
        if filter_ not in self._counts:
            criteria = criteria_of(filter_, self._now)
            self._counts[filter_] = await self._uow.filtered.count(criteria)
        return self._counts[filter_]

    async def _offers(self, field: FilterField, offset: int, limit: int) -> Mapping[int, _Offer]:
        """Return the offers of the field from number `offset` on, by their values."""
        filter_, streams = self._filter, self._uow.streams
        match field:
            case FilterField.COURSE:
                courses = await streams.courses(offset=offset, limit=limit)
                return {value: _Offer(name) for value, name in courses.items()}
            case FilterField.STREAM:
                newest = await streams.newest(filter_.course, offset=offset, limit=limit)
                return {value: _Offer(name, code) for value, (name, code) in newest.items()}
            case FilterField.MONTH:
                today = self._now.astimezone(ZoneInfo(filter_.zone))
                month = today.year * 12 + today.month - 1 - offset
                return dict.fromkeys(range(month, month - limit, -1), _Offer())
            case FilterField.CODE:
                codes = await self._uow.search.codes(offset=offset, limit=limit)
                return {value: _Offer(code, code) for value, code in codes.items()}
            case _:
                return _FIXED.get(field, {})


async def narrowed_by(uow: UnitOfWork, filter_: Filter, field: FilterField, value: int) -> Filter:
    """Return the filter with a value chosen as a button carries it.

    Raises:
        ChoiceGone: the stream or booking of the value does not exist any more.
        SearchForgotten: no button carries this value.
        PeriodBackwards: the period would end before it begins.
    """
    code = None
    match field:
        case FilterField.STREAM if abs(value) < 2**31:
            stream = await uow.streams.get(value)
            code = stream.code if stream else None
        case FilterField.CODE:
            booking = await uow.bookings.get(value)
            code = booking.referral_code if booking else None
    return _narrowed(filter_, field, value, code)


def _narrowed(filter_: Filter, field: FilterField, value: int, code: str | None) -> Filter:
    change: Mapping[str, Any] = {}
    match field:
        case FilterField.STATUS if value in STATUS_CODES.values():
            change = {"status": status_of(value)}
        case FilterField.COURSE if abs(value) < 2**31:
            change = {"course": value}
        case FilterField.STREAM if abs(value) < 2**31:
            change = {"stream": _existing(code)}
        case FilterField.DAYS if value in PERIODS:
            change = {"days": value, "since": None, "until": None}
        case FilterField.MONTH if value in _MONTHS:
            change = month_of(value)
        case FilterField.SINCE | FilterField.UNTIL if 0 < value <= _LAST_DAY:
            change = {field.name.lower(): date.fromordinal(value), "days": None}
        case FilterField.DISCOUNT if value in {0, 1}:
            change = {"discount": value == 1}
        case FilterField.CODE:
            change = _code_change(filter_, _existing(code)[:64])
        case FilterField.WELCOME if 0 <= value < len(_WELCOMES):
            change = {"welcome": _WELCOMES[value]}
        case _:
            raise SearchForgotten
    narrowed = replace(filter_, **change)
    check_period(narrowed)
    return narrowed


def _existing(code: str | None) -> str:
    if code is None:
        raise ChoiceGone
    return code


def _code_change(filter_: Filter, code: str) -> Mapping[str, Any]:
    if filter_.code is not None and code.lower() == filter_.code.lower():
        return {}
    return {"code": code}


def month_of(number: int) -> Mapping[str, Any]:
    """Return the period of a month, which is counted from the year 0."""
    year, month = number // 12, number % 12 + 1
    last = monthrange(year, month)[1]
    return {"since": date(year, month, 1), "until": date(year, month, last), "days": None}


def check_period(filter_: Filter) -> None:
    """Check that the period does not end before it begins.

    Raises:
        PeriodBackwards: it does.
    """
    if filter_.since and filter_.until and filter_.since > filter_.until:
        raise PeriodBackwards
