"""The lists of every tab: their pages, ranks and counts."""

from collections.abc import Awaitable, Callable, Mapping
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
        return self._everywhere(self._page)

    def lists(self) -> Mapping[str, Operation]:
        """Return lists, a page and all that is counted for it, by name."""
        return {"the counts of all tabs": self._counts, **self._everywhere(self._list)}

    def _everywhere(self, read: Callable[[Place], Awaitable[None]]) -> Mapping[str, Operation]:
        """Return what reads the first page, one in the middle, and the last page of each tab."""
        asked: dict[str, Operation] = {}
        for tab in _TABS:
            name, last = "all" if tab is None else tab.value, Place(status=tab, edge=Edge.LAST)
            asked[f"{name}: first page"] = partial(read, Place(status=tab))
            asked[f"{name}: page in the busiest day"] = partial(read, self._between(tab))
            asked[f"{name}: last page"] = partial(read, last)
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

    async def _list(self, place: Place) -> None:
        async with self._db.snapshot() as uow:
            await read_list(uow, place)
