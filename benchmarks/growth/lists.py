"""Pages of lists, and all that is counted for them, as PostgreSQL is asked for them."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from benchmarks.growth.places import ANNA, STAFF, Places
from benchmarks.timing import Operation
from bot.services.bookings import BookingService
from bot.services.filtered import criteria_of
from bot.services.paging import PAGE_SIZE
from db.database import Database
from db.models import Anchor, Edge, Filter, Place


class Lists:
    """What the desk asks of a school's bookings, list by list."""

    def __init__(self, db: Database, places: Places) -> None:
        self._db = db
        self._places = places
        self._bookings = BookingService(db, STAFF, grace=timedelta(0))

    def pages(self) -> Mapping[str, Operation]:
        """Return the queries for pages of the tabs by name."""
        return {name: partial(self._page, place) for name, place in self._places.tabs.items()}

    def filtered_pages(self) -> Mapping[str, Operation]:
        """Return the queries for pages of filtered lists by name."""
        return {
            name: partial(self._filtered_page, place, chosen)
            for name, (place, chosen) in self._places.filtered.items()
        }

    def lists(self) -> Mapping[str, Operation]:
        """Return the lists of the tabs, a page and all that is counted for it, by name."""
        lists = {name: partial(self._list, place) for name, place in self._places.tabs.items()}
        return {"the counts of all tabs": self._counts, **lists}

    def filtered_lists(self) -> Mapping[str, Operation]:
        """Return filtered lists, a page and all that is counted for it, by name."""
        return {
            name: partial(self._list, place) for name, (place, _) in self._places.filtered.items()
        }

    async def _counts(self) -> None:
        async with self._db.snapshot() as uow:
            await uow.counts.by_status()

    async def _page(self, place: Place) -> None:
        async with self._db.snapshot() as uow:
            await uow.bookings.page(place, limit=PAGE_SIZE)

    async def _filtered_page(self, place: Place, chosen: Filter) -> None:
        criteria = criteria_of(chosen)
        async with self._db.snapshot() as uow:
            await uow.filtered.page(criteria, place.edge, self._anchor(place), limit=PAGE_SIZE)

    def _anchor(self, place: Place) -> Anchor | None:
        if place.edge is not Edge.AFTER:
            return None
        middle = self._places.middle
        return Anchor(edge=place.edge, at=middle.listed_at, id=middle.id)

    async def _list(self, place: Place) -> None:
        await self._bookings.list(place, by=ANNA)
