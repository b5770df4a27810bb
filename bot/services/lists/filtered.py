"""Lists of the bookings that fit a filter."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.lists.paging import read_page
from bot.views.lists import FilteredList, SavedQuery
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.filters import Criteria, Filter, FilterField
from db.models.lists import START, Cursor, Edge, Scan


async def read_filtered(
    uow: UnitOfWork, key: SavedQuery, filter_: Filter, cursor: Cursor, now: datetime
) -> FilteredList:
    source = FilteredSource(uow, criteria_of(filter_, now))
    return FilteredList(
        key=key,
        page=await read_page(source, await _with_moment(uow, cursor)),
        filter=filter_,
        names=await names_of(uow, filter_),
        underway=await uow.imports.underway(),
    )


async def _with_moment(uow: UnitOfWork, cursor: Cursor) -> Cursor:
    """Return the cursor with the moment of its booking, which a button has no room for.

    A cursor at a deleted booking becomes the start of the list.
    """
    if cursor.id is None:
        return cursor
    booking = await uow.bookings.get(cursor.id)
    return START if booking is None else cursor._replace(at=booking.listed_at)


class FilteredSource:
    """The bookings that fit, in the order of their moments."""

    def __init__(self, uow: UnitOfWork, criteria: Criteria) -> None:
        self._filtered = uow.filtered
        self._criteria = criteria

    async def total(self) -> None:
        return None

    async def read(self, cursor: Cursor, limit: int) -> Scan[Booking]:
        return await self._filtered.page(self._criteria, cursor, limit=limit)

    async def before(self, row: Booking) -> int:
        return await self._filtered.count(self._criteria, self.beside(Edge.BEFORE, row))

    async def behind(self, row: Booking) -> int:
        return await self._filtered.count(self._criteria, self.beside(Edge.AFTER, row))

    def beside(self, edge: Edge, row: Booking) -> Cursor:
        return Cursor(edge, row.id, row.listed_at)


async def names_of(uow: UnitOfWork, filter_: Filter) -> dict[FilterField, str]:
    """Return the school's names of the chosen course and stream, as far as it has them."""
    names: dict[FilterField, str | None] = {}
    if filter_.course is not None:
        names[FilterField.COURSE] = await uow.streams.course_name(filter_.course)
    if filter_.stream is not None:
        names[FilterField.STREAM] = await uow.streams.name(filter_.stream, filter_.course)
    return {field: name for field, name in names.items() if name is not None}


def older_than(filter_: Filter, days: int, now: datetime) -> Filter:
    """Return the filter limited to what is older than so many days."""
    today = now.astimezone(ZoneInfo(filter_.zone)).date()
    last = today - timedelta(days=days + 1)
    since = filter_.since if filter_.days is None else today - timedelta(days=filter_.days - 1)
    until = last if filter_.until is None else min(last, filter_.until)
    return replace(filter_, days=None, since=since, until=until)


def criteria_of(filter_: Filter, now: datetime) -> Criteria:
    """Return the filter with its days turned into moments, in its own time zone."""
    zone = ZoneInfo(filter_.zone)
    since = filter_.since
    if filter_.days is not None:
        since = now.astimezone(zone).date() - timedelta(days=filter_.days - 1)
    until = filter_.until
    return Criteria(
        filter=filter_,
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
