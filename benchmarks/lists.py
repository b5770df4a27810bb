"""The lists of every tab: their pages, ranks and counts."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from benchmarks.schools import LAUNCH
from benchmarks.timing import Operation
from bot.services.paging import PAGE_SIZE, read_list
from db.database import Database
from db.models import Booking, BookingStatus, Edge, Place

_TABS: Final = (
    None,
    BookingStatus.NEW,
    BookingStatus.PENDING,
    BookingStatus.CONFIRMED,
    BookingStatus.CANCELLED,
)


class Lists:
    """What the desk asks of a school's bookings, tab by tab."""

    def __init__(self, db: Database, middles: Mapping[BookingStatus | None, Booking]) -> None:
        self._db = db
        self._middles = middles

    @classmethod
    async def opened(cls, db: Database) -> "Lists":
        """Find the middle of each tab: what is listed next from noon of the busiest day."""
        middles = {}
        async with db.snapshot() as uow:
            for tab in _TABS:
                noon = LAUNCH + timedelta(hours=12)
                place = Place(status=tab, edge=Edge.FROM, at=noon, id=0)
                [middles[tab]] = await uow.bookings.page(place, limit=1)
        return cls(db, middles)

    def pages(self) -> Mapping[str, Operation]:
        """Return the queries for pages by name."""
        asked: dict[str, Operation] = {}
        for tab in _TABS:
            first, last = Place(status=tab), Place(status=tab, edge=Edge.LAST)
            asked[f"{_name(tab)}: first page"] = partial(self._page, first)
            asked[f"{_name(tab)}: page in the busiest day"] = partial(
                self._page, self._between(tab)
            )
            asked[f"{_name(tab)}: last page"] = partial(self._page, last)
        return asked

    def counts(self) -> Mapping[str, Operation]:
        """Return what is counted for a list, and the whole of it, by name."""
        asked: dict[str, Operation] = {"the counts of all tabs": self._counts}
        for tab in _TABS:
            asked[f"{_name(tab)}: rank in the busiest day"] = partial(self._rank, tab)
            asked[f"{_name(tab)}: the whole list in the busiest day"] = partial(
                self._list, self._between(tab)
            )
        return asked

    def _between(self, tab: BookingStatus | None) -> Place:
        middle = self._middles[tab]
        return Place(status=tab, edge=Edge.AFTER, at=middle.listed_at, id=middle.id)

    async def _counts(self) -> None:
        async with self._db.snapshot() as uow:
            await uow.counts.by_status()

    async def _page(self, place: Place) -> None:
        async with self._db.snapshot() as uow:
            await uow.bookings.page(place, limit=PAGE_SIZE)

    async def _rank(self, tab: BookingStatus | None) -> None:
        middle = self._middles[tab]
        async with self._db.snapshot() as uow:
            await uow.counts.before(middle, tab)

    async def _list(self, place: Place) -> None:
        async with self._db.snapshot() as uow:
            await read_list(uow, place)


def _name(tab: BookingStatus | None) -> str:
    return "all" if tab is None else tab.value
