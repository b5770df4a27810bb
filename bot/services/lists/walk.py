"""Walking through the bookings of a list, one after the other."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final, Self

from bot.errors import NotAllowed, SearchForgotten
from bot.services.lists.filtered import FilteredSource, criteria_of
from bot.services.lists.paging import ListSource, read_page
from bot.services.lists.tabs import TabSource
from bot.views.lists import ListKey, Tab
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.filters import Filter
from db.models.lists import START, Cursor, Edge

_AT_ONCE: Final = 20
"""Bookings read at once."""
_READS: Final = 50
"""Reads in a row; what a filter finds only behind them is left for the list."""


class Walk:
    """The bookings of a tab or a filter that one may see, in the order of their list."""

    def __init__(self, uow: UnitOfWork, source: ListSource[Booking], filter_: Filter) -> None:
        self._uow = uow
        self._source = source
        self.filter: Final = filter_

    @classmethod
    async def of(cls, uow: UnitOfWork, key: ListKey, now: datetime) -> Self:
        """Return the walk through a list.

        Raises:
            SearchForgotten: the saved query is deleted, or is a search.
        """
        if isinstance(key, Tab):
            source: ListSource[Booking] = TabSource(uow, key, await uow.counts.by_status())
            return cls(uow, source, Filter(status=key.status))
        match await uow.saved_queries.get(key.number):
            case Filter() as filter_:
                return cls(uow, FilteredSource(uow, criteria_of(filter_, now)), filter_)
            case _:
                raise SearchForgotten

    async def length(self) -> int:
        """Count the bookings, up to MOST_FOUND where the ledger does not know."""
        total = await self._source.total()
        return (await read_page(self._source, START)).total if total is None else total

    def all(self) -> AsyncIterator[Booking]:
        return self._read(START)

    async def first(self, number: int) -> AsyncIterator[Booking]:
        """Yield up to so many bookings."""
        left = number
        async for booking in self.all():
            yield booking
            left -= 1
            if not left:
                return

    def behind(self, booking: Booking) -> AsyncIterator[Booking]:
        return self._read(self._source.beside(Edge.AFTER, booking))

    def before(self, booking: Booking) -> AsyncIterator[Booking]:
        """Yield the bookings before this one, the nearest first."""
        return self._read(self._source.beside(Edge.BEFORE, booking))

    async def _read(self, cursor: Cursor) -> AsyncIterator[Booking]:
        for _ in range(_READS):
            scan = await self._source.read(cursor, _AT_ONCE)
            items = scan.items[::-1] if cursor.edge.backwards else scan.items
            for booking in items:
                if _is_permitted(self._uow, booking):
                    yield booking
            last = items[-1] if len(items) == _AT_ONCE else None
            if scan.end is not None:
                last = await self._uow.bookings.get(scan.end)
            if last is None:
                return
            edge = Edge.BEFORE if cursor.edge.backwards else Edge.AFTER
            cursor = self._source.beside(edge, last)


def _is_permitted(uow: UnitOfWork, booking: Booking) -> bool:
    try:
        uow.allow(booking.course_id)
    except NotAllowed:
        return False
    return True
