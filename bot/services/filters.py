"""Filtered lists, and the panel that puts a filter together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import SearchForgotten
from bot.services.choices import (
    DEEPEST,
    Narrowing,
    check_period,
    narrowed_by,
    without,
)
from bot.services.filtered import names_of, read_filtered
from bot.services.paging import PAGE_SIZE
from bot.services.staff import Staff
from db.database import Database, UnitOfWork
from db.models import (
    Actor,
    BookingList,
    Choices,
    Filter,
    FilterField,
    Option,
    Panel,
    Place,
)

#: What the panel offers at once; the others are days of the calendar.
_OFFERED: Final[Mapping[FilterField, int]] = {
    FilterField.STATUS: 4,
    FilterField.COURSE: 4,
    FilterField.STREAM: 4,
    FilterField.DAYS: 3,
    FilterField.MONTH: 2,
    FilterField.DISCOUNT: 2,
    FilterField.CODE: 0,
    FilterField.WELCOME: 3,
}


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
        check_period(chosen)
        chosen = replace(chosen, zone=self._zone)
        async with self._db.transaction() as uow:
            view = await uow.views.keep(chosen)
            return await read_filtered(uow, Place(status=None, view=view), chosen)

    async def panel(self, place: Place, *, by: Actor) -> Panel:
        """Return the panel for the filter of a list; that of a tab is its status."""
        self._staff.check(by)
        async with self._db.transaction() as uow:
            if place.view is None:
                return await _panel(uow, Filter(zone=self._zone, status=place.status))
            return await _panel(uow, await _known(uow, place.view))

    async def choose(self, view: int, field: FilterField, value: int, *, by: Actor) -> Panel:
        """Choose an option, or drop it when it is chosen already."""
        self._staff.check(by)
        async with self._db.transaction() as uow:
            chosen = await _known(uow, view)
            narrowed = await narrowed_by(uow, chosen, field, value)
            return await _panel(uow, without(chosen, field) if narrowed == chosen else narrowed)

    async def drop(self, view: int, field: FilterField, *, by: Actor) -> Panel:
        """Drop what is chosen of one field."""
        self._staff.check(by)
        async with self._db.transaction() as uow:
            return await _panel(uow, without(await _known(uow, view), field))

    async def choices(self, view: int, field: FilterField, offset: int, *, by: Actor) -> Choices:
        """Return a part of all the options of a field, from number `offset` on."""
        self._staff.check(by)
        offset = min(offset, DEEPEST - PAGE_SIZE)
        async with self._db.snapshot() as uow:
            chosen = await _known(uow, view)
            narrowing = Narrowing(uow, chosen)
            options, more = await narrowing.options(field, offset=offset, limit=PAGE_SIZE)
            return Choices(
                view=view,
                field=field,
                options=options,
                previous=max(0, offset - PAGE_SIZE) if offset else None,
                next=offset + PAGE_SIZE if more else None,
            )


async def _known(uow: UnitOfWork, view: int) -> Filter:
    chosen = await uow.views.get(view)
    if not isinstance(chosen, Filter):
        raise SearchForgotten
    return chosen


async def _panel(uow: UnitOfWork, chosen: Filter) -> Panel:
    narrowing = Narrowing(uow, chosen)
    options: dict[FilterField, Sequence[Option]] = {}
    more = set()
    for field, limit in _OFFERED.items():
        options[field], goes_on = await narrowing.options(field, limit=limit)
        more |= {field} if goes_on else set()
    return Panel(
        view=await uow.views.keep(chosen),
        filter=chosen,
        names=await names_of(uow, chosen),
        count=await narrowing.count(),
        options=options,
        more=more,
    )
