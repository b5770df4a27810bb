"""What a filter can be narrowed to: the options of the panel, and what choosing one means.

A button writes an option as a number: a status's code, an id of a course or stream, so many days,
a month counted from the year 0, a day's number in the calendar, 1 or 0 for with or without a
discount, a booking that has the referral code, the place of a welcome's state.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.errors import ChoiceGone, PeriodBackwards, SearchForgotten
from bot.services.filtered import count_of
from db.database import UnitOfWork
from db.models import STATUS_CODES, Filter, FilterField, Option, WelcomeState, status_of

PERIODS: Final = (1, 7, 30)
DEEPEST: Final = 1000
"""Options that can be leafed through; what lies deeper is written in words."""
_WELCOMES: Final = tuple(WelcomeState)
_LAST_DAY: Final = date.max.toordinal()
_MONTHS: Final = range(12, 12 * 10_000)
_FIXED: Final[Mapping[FilterField, Mapping[int, None]]] = {
    FilterField.STATUS: dict.fromkeys(STATUS_CODES.values()),
    FilterField.DAYS: dict.fromkeys(PERIODS),
    FilterField.DISCOUNT: dict.fromkeys((1, 0)),
    FilterField.WELCOME: dict.fromkeys(range(len(_WELCOMES))),
}


async def options_of(
    uow: UnitOfWork, chosen: Filter, field: FilterField, *, offset: int = 0, limit: int
) -> tuple[Sequence[Option], bool]:
    """Return some options with what they would leave, and whether there are more behind them."""
    offered = await _offered(uow, chosen, field, offset, limit + 1)
    options = [
        await _option(uow, chosen, field, value, label)
        for value, label in list(offered.items())[:limit]
    ]
    return options, len(offered) > limit and offset + limit < DEEPEST


async def _offered(
    uow: UnitOfWork, chosen: Filter, field: FilterField, offset: int, limit: int
) -> Mapping[int, str | None]:
    offered: Mapping[int, str | None] = _FIXED.get(field, {})
    match field:
        case FilterField.COURSE:
            offered = await uow.streams.courses(offset=offset, limit=limit)
        case FilterField.STREAM:
            offered = await uow.streams.newest(chosen.course, offset=offset, limit=limit)
        case FilterField.MONTH:
            today = datetime.now(ZoneInfo(chosen.zone))
            newest = today.year * 12 + today.month - 1 - offset
            offered = dict.fromkeys(range(newest, newest - limit, -1))
        case FilterField.CODE:
            offered = await uow.found.codes(offset=offset, limit=limit)
    return offered


async def _option(
    uow: UnitOfWork, chosen: Filter, field: FilterField, value: int, label: str | None
) -> Option:
    narrowed = await narrowed_by(uow, chosen, field, value)
    return Option(
        field=field,
        value=value,
        label=label,
        chosen=narrowed == chosen,
        count=await count_of(uow, narrowed),
    )


async def narrowed_by(uow: UnitOfWork, chosen: Filter, field: FilterField, value: int) -> Filter:
    """Choose a value as a button writes it.

    Raises:
        ChoiceGone: the value has vanished since.
        SearchForgotten: no button ever had this value.
        PeriodBackwards: the period would end before it begins.
    """
    change: Mapping[str, Any] = {}
    match field:
        case FilterField.STATUS if value in STATUS_CODES.values():
            change = {"status": status_of(value)}
        case FilterField.COURSE if abs(value) < 2**31:
            change = {"course": value}
        case FilterField.STREAM if abs(value) < 2**31:
            change = await _stream(uow, value)
        case FilterField.DAYS if value in PERIODS:
            change = {"days": value, "since": None, "until": None}
        case FilterField.MONTH if value in _MONTHS:
            change = month_of(value)
        case FilterField.SINCE | FilterField.UNTIL if 0 < value <= _LAST_DAY:
            change = {field.name.lower(): date.fromordinal(value), "days": None}
        case FilterField.DISCOUNT if value in {0, 1}:
            change = {"discount": value == 1}
        case FilterField.CODE:
            change = await _code(uow, chosen, value)
        case FilterField.WELCOME if 0 <= value < len(_WELCOMES):
            change = {"welcome": _WELCOMES[value]}
        case _:
            raise SearchForgotten
    narrowed = replace(chosen, **change)
    check_period(narrowed)
    return narrowed


async def _stream(uow: UnitOfWork, stream_id: int) -> Mapping[str, Any]:
    stream = await uow.streams.get(stream_id)
    if stream is None:
        raise ChoiceGone
    return {"stream": stream.code}


async def _code(uow: UnitOfWork, chosen: Filter, booking_id: int) -> Mapping[str, Any]:
    booking = await uow.bookings.get(booking_id)
    code = booking.referral_code if booking else None
    if code is None:
        raise ChoiceGone
    if chosen.code is not None and code[:64].lower() == chosen.code.lower():
        return {}
    return {"code": code[:64]}


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
