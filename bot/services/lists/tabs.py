"""Lists of the bookings of one status."""

from collections.abc import Mapping

from bot.services.lists.paging import read_page
from bot.views.lists import Tab, TabList
from db.database import UnitOfWork
from db.models.bookings import Booking, BookingStatus
from db.models.lists import Cursor, Edge, Scan


async def read_tab(uow: UnitOfWork, tab: Tab, cursor: Cursor) -> TabList:
    counts = await uow.counts.by_status()
    page = await read_page(TabSource(uow, tab, counts), cursor)
    underway = await uow.imports.underway()
    return TabList(key=tab, page=page, counts=counts, underway=underway)


class TabSource:
    """The bookings of a status in the order of their moments; the ledger counts them."""

    def __init__(
        self, uow: UnitOfWork, tab: Tab, counts: Mapping[BookingStatus | None, int]
    ) -> None:
        self._uow = uow
        self._tab = tab
        self._total = counts.get(tab.status, 0)

    async def total(self) -> int:
        return self._total

    async def read(self, cursor: Cursor, limit: int) -> Scan[Booking]:
        status, newest_first = self._tab.status, self._tab.newest_first
        return Scan(
            await self._uow.bookings.page(status, cursor, newest_first=newest_first, limit=limit)
        )

    async def before(self, row: Booking) -> int:
        older = await self._uow.counts.before(row, self._tab.status)
        return self._total - older - 1 if self._tab.newest_first else older

    async def behind(self, row: Booking) -> int:
        return self._total - await self.before(row) - 1

    def beside(self, edge: Edge, row: Booking) -> Cursor:
        return Cursor(edge, row.id, row.listed_at)
