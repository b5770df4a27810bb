"""One page of a filtered list, and how many bookings a filter leaves."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.services.paging import PAGE_SIZE, last_limit, page_of, start_of
from db.database import UnitOfWork
from db.models import (
    MOST_FOUND,
    Anchor,
    AtLeast,
    BookingList,
    Criteria,
    Drawn,
    Edge,
    Filter,
    FilterField,
    Page,
    Place,
)
from db.models import Booking as Row

_ENDS: Final = {Edge.FIRST: Edge.BEFORE, Edge.LAST: Edge.AFTER}
"""The pages at an end of the list, and the side on which nothing is."""
_BACKWARDS: Final = {Edge.BEFORE, Edge.LAST}


async def read_filtered(uow: UnitOfWork, place: Place, chosen: Filter) -> BookingList:
    """Read the page at `place`, or the nearest one that is not empty."""
    criteria = criteria_of(chosen)
    anchor = await _anchor(uow, place)
    edge = place.edge if anchor or place.edge is Edge.LAST else Edge.FIRST
    drawn = await uow.filtered.page(criteria, edge, anchor, limit=PAGE_SIZE)
    if not drawn.items and drawn.end is None and edge not in _ENDS:
        nearest = Edge.FIRST if edge is Edge.BEFORE else Edge.LAST
        return await read_filtered(uow, replace(place, edge=nearest, id=None), chosen)
    before, behind = await _around(uow, criteria, edge, drawn)
    total = _total(before, len(drawn.items), behind)
    if edge is Edge.LAST and drawn.items and not isinstance(total, AtLeast):
        drawn = replace(drawn, items=drawn.items[-last_limit(total) :])
        before = total - len(drawn.items)
    return BookingList(
        page=_page(replace(place, edge=edge), drawn, before=before, behind=behind),
        counts={},
        filtered=chosen,
        names=await names_of(uow, chosen),
        total=total,
    )


async def _around(
    uow: UnitOfWork, criteria: Criteria, edge: Edge, drawn: Drawn
) -> tuple[int, int]:
    """Count what lies before and behind the page, where reading it has not told that.

    Where the first count has ended, and the page has no number, the second only asks for more.
    """
    items, unseen = drawn.items, 0 if drawn.end is None else AtLeast(0)
    if not items:
        return 0, unseen
    told = {_ENDS[edge]: 0} if edge in _ENDS else {}
    if len(items) < PAGE_SIZE:
        told[Edge.BEFORE if edge in _BACKWARDS else Edge.AFTER] = unseen
    before, behind = told.get(Edge.BEFORE), told.get(Edge.AFTER)
    if before is None:
        before = await uow.filtered.count(criteria, _beside(items[0], Edge.BEFORE))
    if behind is None:
        last = _beside(items[-1], Edge.AFTER)
        if isinstance(before, AtLeast):
            behind = await _is_any(uow, criteria, last)
        else:
            behind = await uow.filtered.count(criteria, last)
    return before, behind


async def _is_any(uow: UnitOfWork, criteria: Criteria, anchor: Anchor) -> int:
    """Return 0 where nothing lies on that side of the anchor."""
    drawn = await uow.filtered.page(criteria, anchor.edge, anchor, limit=1)
    return AtLeast(len(drawn.items)) if drawn.items or drawn.end is not None else 0


def _beside(row: Row, edge: Edge) -> Anchor:
    return Anchor(edge=edge, at=row.listed_at, id=row.id)


def _total(*counts: int) -> int:
    """Add up counts, as far as they were counted."""
    total = sum(counts)
    if any(isinstance(count, AtLeast) for count in counts):
        return AtLeast(min(total, MOST_FOUND))
    return total


def _page(place: Place, drawn: Drawn, *, before: int, behind: int) -> Page[Row]:
    """Say where the page lies; where looking ended before it was full, the next goes on there."""
    page = page_of(drawn.items, place, before=before, behind=behind)
    if drawn.end is None:
        return page
    if place.edge in _BACKWARDS:
        return replace(page, previous=replace(place, edge=Edge.BEFORE, id=drawn.end))
    previous = page.previous if drawn.items or place.edge is Edge.FIRST else start_of(place)
    return replace(page, previous=previous, next=replace(place, edge=Edge.AFTER, id=drawn.end))


async def names_of(uow: UnitOfWork, chosen: Filter) -> dict[FilterField, str]:
    """Return what the school calls the chosen course and stream, where it has a name for them."""
    names: dict[FilterField, str | None] = {}
    if chosen.course is not None:
        names[FilterField.COURSE] = await uow.streams.course_name(chosen.course)
    if chosen.stream is not None:
        names[FilterField.STREAM] = await uow.streams.name(chosen.stream, chosen.course)
    return {field: name for field, name in names.items() if name is not None}


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
    return _beside(booking, place.edge)
