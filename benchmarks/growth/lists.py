"""Pages of lists and their counts, as queries to PostgreSQL."""

from collections.abc import Mapping
from functools import partial
from zoneinfo import ZoneInfo

from benchmarks.growth.places import ANNA, NOW, Places, desk_of
from benchmarks.support.timing import Operation
from bot.services.lists.filtered import criteria_of
from bot.services.lists.pages import ListService
from bot.services.lists.paging import PAGE_SIZE
from bot.views.lists import Origin, Tab
from db.database import Database
from db.models.filters import Filter


class Lists:
    """The desk's queries for the lists of one school."""

    def __init__(self, db: Database, places: Places) -> None:
        self._db = db
        self._places = places
        self._service = ListService(desk_of(db), timezone=ZoneInfo("UTC"))

    def pages(self) -> Mapping[str, Operation]:
        """Return the queries for pages of the tabs, by name."""
        return {name: partial(self._page, origin) for name, origin in self._places.tabs.items()}

    def filtered_pages(self) -> Mapping[str, Operation]:
        """Return the queries for pages of filtered lists, by name."""
        return {
            name: partial(self._filtered_page, origin, filter_)
            for name, (origin, filter_) in self._places.filtered.items()
        }

    def lists(self) -> Mapping[str, Operation]:
        """Return the queries for pages of the tabs with their counts, by name."""
        lists = {name: partial(self._list, origin) for name, origin in self._places.tabs.items()}
        return {"the counts of all tabs": self._counts, **lists}

    def filtered_lists(self) -> Mapping[str, Operation]:
        """Return the queries for pages of filtered lists with their counts, by name."""
        return {
            name: partial(self._list, origin)
            for name, (origin, _) in self._places.filtered.items()
        }

    async def _counts(self) -> None:
        async with self._db.snapshot() as uow:
            await uow.counts.by_status()

    async def _page(self, origin: Origin) -> None:
        key, cursor = origin
        if not isinstance(key, Tab):
            raise TypeError(key)
        async with self._db.snapshot() as uow:
            await uow.bookings.page(
                key.status, cursor, newest_first=key.newest_first, limit=PAGE_SIZE
            )

    async def _filtered_page(self, origin: Origin, filter_: Filter) -> None:
        criteria = criteria_of(filter_, NOW)
        async with self._db.snapshot() as uow:
            await uow.filtered.page(criteria, origin.cursor, limit=PAGE_SIZE)

    async def _list(self, origin: Origin) -> None:
        await self._service.page(origin, by=ANNA, now=NOW)
