"""A page of any list of bookings."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import SearchForgotten
from bot.services.access import Desk, Permission
from bot.services.lists.choices import check_period
from bot.services.lists.filtered import read_filtered
from bot.services.lists.search import read_found
from bot.services.lists.tabs import read_tab
from bot.views.lists import BookingList, FilteredList, Origin, SavedQuery, Tab
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.filters import Filter
from db.models.lists import START, Cursor


class ListService:
    """Lists of tabs and of saved queries.

    Raises:
        NotAllowed: from every method, if `by` may not read.
    """

    def __init__(self, desk: Desk, *, timezone: ZoneInfo) -> None:
        """Read the days of filters in the school's `timezone`."""
        self._desk = desk
        self._zone = timezone.key

    async def page(self, origin: Origin, *, by: Actor, now: datetime) -> BookingList:
        """Return the page of the list, or the nearest one that is not empty.

        Raises:
            SearchForgotten: the saved query is deleted.
        """
        async with self._desk.snapshot(by) as uow:
            key, cursor = origin
            if isinstance(key, Tab):
                return await read_tab(uow, key, cursor)
            booking_list = await _read_saved(uow, key, cursor, now)
        async with self._desk.statement(by) as uow:
            await uow.saved_queries.note_use(key.number)
        return booking_list

    async def open(self, filter_: Filter, *, by: Actor, now: datetime) -> FilteredList:
        """Return the first page of the bookings that fit.

        Raises:
            PeriodBackwards: the period ends before it begins.
        """
        async with self._desk.transaction(by, Permission.READ) as uow:
            check_period(filter_)
            filter_ = replace(filter_, zone=self._zone)
            key = SavedQuery(await uow.saved_queries.keep(filter_))
            return await read_filtered(uow, key, filter_, START, now)


async def _read_saved(
    uow: UnitOfWork, key: SavedQuery, cursor: Cursor, now: datetime
) -> BookingList:
    match await uow.saved_queries.get(key.number):
        case None:
            raise SearchForgotten
        case Filter() as filter_:
            return await read_filtered(uow, key, filter_, cursor, now)
        case search:
            return await read_found(uow, key, search, cursor)
