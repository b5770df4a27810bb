"""Filtered lists, and the panel that puts a filter together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.errors import PeriodBackwards, SearchForgotten
from bot.services.paging import PAGE_SIZE, pages
from bot.services.staff import Staff
from db.database import Database, UnitOfWork
from db.models import (
    MOST_FOUND,
    STATUS_CODES,
    Actor,
    Anchor,
    Booking,
    BookingList,
    Criteria,
    Edge,
    Filter,
    FilterField,
    Option,
    Page,
    Panel,
    Place,
    WelcomeState,
    status_of,
)

_CHOICES: Final = 6
"""Courses or streams that the panel offers."""
_PERIODS: Final = (1, 7, 30)
_LAST_DAY: Final = date.max.toordinal()
_WELCOMES: Final = tuple(WelcomeState)


class FilterService:
    """Lists by what admins choose.

    Raises:
        NotAllowed: from every method, when `by` is not an admin.
        SearchForgotten: the filter with this number is not known any more.
    """

    def __init__(self, db: Database, staff: Staff, *, timezone: ZoneInfo) -> None:
        """Filter bookings; days are those of the school's `timezone`."""
        self._db = db
        self._staff = staff
        self._zone = timezone.key

    async def open(self, chosen: Filter, *, by: Actor) -> BookingList:
        """Return the first page of the list.

        Raises:
            PeriodBackwards: it ends before it begins.
        """
        self._staff.check(by)
        _check_period(chosen)
        chosen = replace(chosen, zone=self._zone)
        async with self._db.transaction() as uow:
            view = await uow.views.keep(chosen)
            return await read_filtered(uow, Place(status=None, view=view), chosen)

    async def panel(self, view: int | None, *, by: Actor) -> Panel:
        """Return the panel for the filter with this number, or for none yet."""
        self._staff.check(by)
        async with self._db.transaction() as uow:
            return await self._panel(uow, await self._known(uow, view))

    async def choose(self, view: int, field: FilterField, value: int, *, by: Actor) -> Panel:
        """Choose an option, or drop it when it is chosen already."""
        self._staff.check(by)
        async with self._db.transaction() as uow:
            chosen = await self._known(uow, view)
            narrowed = await _with(uow, chosen, field, value)
            return await self._panel(
                uow, _without(chosen, field) if narrowed == chosen else narrowed
            )

    async def _known(self, uow: UnitOfWork, view: int | None) -> Filter:
        if view is None:
            return Filter(zone=self._zone)
        chosen = await uow.views.get(view)
        if not isinstance(chosen, Filter):
            raise SearchForgotten
        return chosen

    async def _panel(self, uow: UnitOfWork, chosen: Filter) -> Panel:
        options: dict[FilterField, Sequence[Option]] = {}
        for field, labels in (await _choices(uow, chosen)).items():
            options[field] = [
                await _option(uow, chosen, field, value, label) for value, label in labels.items()
            ]
        return Panel(
            view=await uow.views.keep(chosen),
            filter=chosen,
            count=await uow.filtered.count(criteria_of(chosen)),
            options=options,
        )


async def read_filtered(uow: UnitOfWork, place: Place, chosen: Filter) -> BookingList:
    """Read the page at `place`, or the nearest one that is not empty."""
    criteria = criteria_of(chosen)
    total = await uow.filtered.count(criteria)
    anchor = await _anchor(uow, place)
    edge = place.edge if anchor or place.edge is Edge.LAST else Edge.FIRST
    limit = PAGE_SIZE
    if edge is Edge.LAST and total < MOST_FOUND:
        limit = (total - 1) % PAGE_SIZE + 1
    items = await uow.filtered.page(criteria, edge, anchor, limit=limit)
    if not items and anchor is not None:
        nearest = Edge.FIRST if edge is Edge.BEFORE else Edge.LAST
        return await read_filtered(uow, replace(place, edge=nearest, id=None), chosen)
    rank = 0
    if items and edge is not Edge.FIRST:
        first = Anchor(edge=Edge.BEFORE, at=items[0].listed_at, id=items[0].id)
        rank = await uow.filtered.count(criteria, first)
    here = replace(place, edge=Edge.FIRST, id=None)
    if rank > 0:
        here = replace(place, edge=Edge.FROM, id=items[0].id)
    number = pages(rank) + 1
    last = number + pages(await _after(uow, criteria, items))
    page = Page(items=items, place=here, number=number, last=last)
    return BookingList(page=page, counts={}, filtered=chosen, total=total)


async def _after(uow: UnitOfWork, criteria: Criteria, items: Sequence[Booking]) -> int:
    """Count the bookings behind the page's last one: the total says nothing above its limit."""
    if not items:
        return 0
    last = Anchor(edge=Edge.AFTER, at=items[-1].listed_at, id=items[-1].id)
    return await uow.filtered.count(criteria, last)


def criteria_of(chosen: Filter) -> Criteria:
    """Return the moments at which the filter's days begin and end now, in its own time zone."""
    zone = ZoneInfo(chosen.zone)
    since = chosen.since
    if chosen.days is not None:
        since = datetime.now(zone).date() - timedelta(days=chosen.days - 1)
    until = chosen.until
    return Criteria(
        chosen=chosen,
        since=None if since is None else _midnight(since, zone),
        until=None
        if until is None or until == date.max
        else _midnight(until + timedelta(1), zone),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    try:
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except OverflowError:
        return datetime.combine(day, time(), UTC)


async def _anchor(uow: UnitOfWork, place: Place) -> Anchor | None:
    booking = None if place.id is None else await uow.bookings.get(place.id)
    if booking is None:
        return None
    return Anchor(edge=place.edge, at=booking.listed_at, id=booking.id)


async def _choices(
    uow: UnitOfWork, chosen: Filter
) -> Mapping[FilterField, Mapping[int, str | None]]:
    courses = await uow.streams.courses(limit=_CHOICES)
    streams = await uow.streams.newest(chosen.course, limit=_CHOICES)
    return {
        FilterField.STATUS: dict.fromkeys(STATUS_CODES.values()),
        FilterField.COURSE: courses,
        FilterField.STREAM: {each.id: each.name or each.code for each in streams},
        FilterField.DAYS: dict.fromkeys(_PERIODS),
        FilterField.WELCOME: dict.fromkeys(range(len(_WELCOMES))),
    }


async def _option(
    uow: UnitOfWork, chosen: Filter, field: FilterField, value: int, label: str | None
) -> Option:
    narrowed = await _with(uow, chosen, field, value)
    return Option(
        field=field,
        value=value,
        label=label,
        chosen=narrowed == chosen,
        count=await uow.filtered.count(criteria_of(narrowed)),
    )


async def _with(uow: UnitOfWork, chosen: Filter, field: FilterField, value: int) -> Filter:
    """Choose a value as a button writes it; one that has vanished since changes nothing."""
    change: dict[str, Any] = {}
    match field:
        case FilterField.STATUS if value in STATUS_CODES.values():
            change = {"status": status_of(value)}
        case FilterField.COURSE:
            change = {"course": value}
        case FilterField.STREAM:
            stream = await uow.streams.get(value)
            change = {"stream": stream.code} if stream else {}
        case FilterField.DAYS if value in _PERIODS:
            change = {"days": value, "since": None, "until": None}
        case FilterField.WELCOME if 0 <= value < len(_WELCOMES):
            change = {"welcome": _WELCOMES[value]}
        case FilterField.SINCE | FilterField.UNTIL if 0 < value <= _LAST_DAY:
            change = {field.name.lower(): date.fromordinal(value), "days": None}
        case _:
            raise SearchForgotten
    narrowed = replace(chosen, **change)
    _check_period(narrowed)
    return narrowed


def _check_period(chosen: Filter) -> None:
    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise PeriodBackwards


def _without(chosen: Filter, field: FilterField) -> Filter:
    nothing: dict[str, Any] = {field.name.lower(): None}
    return replace(chosen, **nothing)
