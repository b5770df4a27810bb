"""The lists of the bookings that fit a filter."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.lists.paging import read_page
from bot.views.lists import FilteredList, SavedQuery
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.filters import Criteria, Filter, FilterField
from db.models.lists import START, Cursor, Edge, Scan


async def read_filtered(
    uow: UnitOfWork, key: SavedQuery, chosen: Filter, cursor: Cursor, now: datetime
) -> FilteredList:
    source = _FilteredSource(uow, criteria_of(chosen, now))
    return FilteredList(
        key=key,
        page=await read_page(source, await _placed(uow, cursor)),
        filter=chosen,
        names=await names_of(uow, chosen),
    )


async def _placed(uow: UnitOfWork, cursor: Cursor) -> Cursor:
    """Add the moment of the cursor's booking, which buttons have no room for.

    Where that booking is gone the list begins anew.
    """
    if cursor.id is None:
        return cursor
    booking = await uow.bookings.get(cursor.id)
    return START if booking is None else cursor._replace(at=booking.listed_at)


class _FilteredSource:
    """Bookings in the order of their moments, counted on both sides of a page."""

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


async def names_of(uow: UnitOfWork, chosen: Filter) -> dict[FilterField, str]:
    """Return what the school calls the chosen course and stream, where it has a name for them."""
    names: dict[FilterField, str | None] = {}
    if chosen.course is not None:
        names[FilterField.COURSE] = await uow.streams.course_name(chosen.course)
    if chosen.stream is not None:
        names[FilterField.STREAM] = await uow.streams.name(chosen.stream, chosen.course)
    return {field: name for field, name in names.items() if name is not None}


def criteria_of(chosen: Filter, now: datetime) -> Criteria:
    """Return the moments at which the filter's days begin and end, in its own time zone."""
    zone = ZoneInfo(chosen.zone)
    since = chosen.since
    if chosen.days is not None:
        since = now.astimezone(zone).date() - timedelta(days=chosen.days - 1)
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
