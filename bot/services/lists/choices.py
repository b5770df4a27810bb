"""What a filter can be narrowed to: the options of the panel, and what choosing one means.

A button writes an option as a number: a status's code, an id of a course or stream, so many days,
a month counted from the year 0, a day's number in the calendar, 1 or 0 for with or without a
discount, a booking that has the referral code, the place of a welcome's state.
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
"""Options that can be leafed through; what lies deeper is written in words."""
_WELCOMES: Final = tuple(WelcomeState)
_LAST_DAY: Final = date.max.toordinal()
_MONTHS: Final = range(12, 12 * 10_000)


class _Offer(NamedTuple):
    label: str | None = None
    code: str | None = None
    """Of the stream or the referral."""


_FIXED: Final[Mapping[FilterField, Mapping[int, _Offer]]] = {
    FilterField.STATUS: dict.fromkeys(STATUS_CODES.values(), _Offer()),
    FilterField.DAYS: dict.fromkeys(PERIODS, _Offer()),
    FilterField.DISCOUNT: dict.fromkeys((1, 0), _Offer()),
    FilterField.WELCOME: dict.fromkeys(range(len(_WELCOMES)), _Offer()),
}


class Narrowing:
    """A filter, and what it could be narrowed to; nothing is asked or counted twice."""

    def __init__(self, uow: UnitOfWork, chosen: Filter, now: datetime) -> None:
        self._uow = uow
        self._chosen = chosen
        self._now = now
        self._counts: dict[Filter, int] = {}

    async def options(
        self, field: FilterField, *, offset: int = 0, limit: int
    ) -> tuple[Sequence[Option], bool]:
        """Return some options with what they would leave, and whether there are more behind."""
        offered = await self._offered(field, offset, limit + 1)
        options = [
            await self._option(field, value, offer)
            for value, offer in list(offered.items())[:limit]
        ]
        return options, len(offered) > limit and offset + limit < DEEPEST

    async def count(self) -> int:
        """Count the bookings that the filter leaves, as far as they are counted."""
        return await self._count(self._chosen)

    async def _option(self, field: FilterField, value: int, offer: _Offer) -> Option:
        narrowed = _narrowed(self._chosen, field, value, offer.code)
        return Option(
            field=field,
            value=value,
            label=offer.label,
            chosen=narrowed == self._chosen,
            count=await self._count(narrowed),
        )

    async def _count(self, chosen: Filter) -> int:
        if chosen not in self._counts:
            self._counts[chosen] = await self._uow.filtered.count(criteria_of(chosen, self._now))
        return self._counts[chosen]

    async def _offered(self, field: FilterField, offset: int, limit: int) -> Mapping[int, _Offer]:
        """Return the options of the field from number `offset` on, as buttons write them."""
        chosen, streams = self._chosen, self._uow.streams
        match field:
            case FilterField.COURSE:
                courses = await streams.courses(offset=offset, limit=limit)
                return {value: _Offer(name) for value, name in courses.items()}
            case FilterField.STREAM:
                newest = await streams.newest(chosen.course, offset=offset, limit=limit)
                return {value: _Offer(name, code) for value, (name, code) in newest.items()}
            case FilterField.MONTH:
                today = self._now.astimezone(ZoneInfo(chosen.zone))
                month = today.year * 12 + today.month - 1 - offset
                return dict.fromkeys(range(month, month - limit, -1), _Offer())
            case FilterField.CODE:
                codes = await self._uow.search.codes(offset=offset, limit=limit)
                return {value: _Offer(code, code) for value, code in codes.items()}
            case _:
                return _FIXED.get(field, {})


async def narrowed_by(uow: UnitOfWork, chosen: Filter, field: FilterField, value: int) -> Filter:
    """Choose a value as a button writes it.

    Raises:
        ChoiceGone: the value has vanished since.
        SearchForgotten: no button ever had this value.
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
    return _narrowed(chosen, field, value, code)


def _narrowed(chosen: Filter, field: FilterField, value: int, code: str | None) -> Filter:
    change: Mapping[str, Any] = {}
    match field:
        case FilterField.STATUS if value in STATUS_CODES.values():
            change = {"status": status_of(value)}
        case FilterField.COURSE if abs(value) < 2**31:
            change = {"course": value}
        case FilterField.STREAM if abs(value) < 2**31:
            change = {"stream": _there(code)}
        case FilterField.DAYS if value in PERIODS:
            change = {"days": value, "since": None, "until": None}
        case FilterField.MONTH if value in _MONTHS:
            change = month_of(value)
        case FilterField.SINCE | FilterField.UNTIL if 0 < value <= _LAST_DAY:
            change = {field.name.lower(): date.fromordinal(value), "days": None}
        case FilterField.DISCOUNT if value in {0, 1}:
            change = {"discount": value == 1}
        case FilterField.CODE:
            change = _code(chosen, _there(code)[:64])
        case FilterField.WELCOME if 0 <= value < len(_WELCOMES):
            change = {"welcome": _WELCOMES[value]}
        case _:
            raise SearchForgotten
    narrowed = replace(chosen, **change)
    check_period(narrowed)
    return narrowed


def _there(code: str | None) -> str:
    if code is None:
        raise ChoiceGone
    return code


def _code(chosen: Filter, code: str) -> Mapping[str, Any]:
    if chosen.code is not None and code.lower() == chosen.code.lower():
        return {}
    return {"code": code}


def month_of(number: int) -> Mapping[str, Any]:
    """Return the days of a month, which is counted from the year 0."""
    year, month = number // 12, number % 12 + 1
    last = monthrange(year, month)[1]
    return {"since": date(year, month, 1), "until": date(year, month, last), "days": None}


def check_period(chosen: Filter) -> None:
    """Let a period pass that ends after it begins.

    Raises:
        PeriodBackwards: it does not.
    """
    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise PeriodBackwards


def without(chosen: Filter, field: FilterField) -> Filter:
    """Drop what is chosen of the field."""
    if field is FilterField.MONTH:
        return replace(chosen, since=None, until=None)
    nothing: Mapping[str, Any] = {field.name.lower(): None}
    return replace(chosen, **nothing)
