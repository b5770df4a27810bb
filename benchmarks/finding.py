"""Filtered lists, the panel, searches, and the student's page."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks.schools import LAUNCH, REGULAR
from benchmarks.timing import Operation
from bot.services.filtered import criteria_of, read_filtered
from bot.services.filters import FilterService
from bot.services.paging import PAGE_SIZE
from bot.services.people import PersonService
from bot.services.search import SearchService
from bot.services.staff import Staff
from db.database import Database
from db.models import (
    Actor,
    Anchor,
    BookingStatus,
    Edge,
    Filter,
    Place,
    WelcomeState,
)

_ANNA: Final = Actor(id=11, name="Anna")
_NOON: Final = LAUNCH + timedelta(hours=12)
_FILTERS: Final[Mapping[str, Filter]] = {
    "stream": Filter(stream="stream 1"),
    "stream that ended": Filter(stream="ended"),
    "stream and status": Filter(stream="stream 1", status=BookingStatus.CANCELLED),
    "course and status": Filter(course=2, status=BookingStatus.PENDING),
    "period": Filter(since=LAUNCH.date(), until=LAUNCH.date()),
    "status and month": Filter(
        status=BookingStatus.CONFIRMED,
        since=LAUNCH.date() - timedelta(days=15),
        until=LAUNCH.date() + timedelta(days=15),
    ),
    "code": Filter(code="friend42"),
    "code and status": Filter(code="FRIEND42", status=BookingStatus.NEW),
    "course and discount": Filter(course=1, discount=True),
    "welcome waiting": Filter(welcome=WelcomeState.WAITING),
    "stream and welcome arrived": Filter(stream="stream 3", welcome=WelcomeState.DELIVERED),
    "what fits nothing": Filter(status=BookingStatus.PENDING, welcome=WelcomeState.DELIVERED),
}
_SEARCHES: Final[Mapping[str, str]] = {
    "number": "#4711",
    "username": "@user_1234",
    "exact name": "Quirin Zywietz",
    "prefix": "Zywi",
    "rare fragment": "ywiet",
    "common fragment": "sen",
    "common word": "Мария",
    "two common words": "anna sen",
    "slip of one letter": "Quirim Zywietz",
    "code": "FRIEND42",
    "no hit": "xyzzy plugh",
}


class Finding:
    """What admins ask of a school when they look for something."""

    def __init__(self, db: Database) -> None:
        staff = Staff({_ANNA.id})
        self._db = db
        self._filters = FilterService(db, staff, timezone=ZoneInfo("UTC"))
        self._search = SearchService(db, staff, grace=timedelta(0))
        self._people = PersonService(db, staff)
        self._booking = 0
        self._middle = 0

    @classmethod
    async def opened(cls, db: Database) -> "Finding":
        finding = cls(db)
        async with db.snapshot() as uow:
            [newest] = await uow.bookings.of_person(REGULAR, limit=1)
            noon = Place(status=None, edge=Edge.FROM, at=_NOON, id=0)
            [middle] = await uow.bookings.page(noon, limit=1)
            finding._booking, finding._middle = newest.id, middle.id
        return finding

    def pages(self) -> Mapping[str, Operation]:
        """Return the queries for pages of filtered lists by name."""
        return _everywhere(self._page)

    def lists(self) -> Mapping[str, Operation]:
        """Return filtered lists, a page and all that is counted for it, by name."""
        return _everywhere(self._list)

    def screens(self) -> Mapping[str, Operation]:
        """Return the panel and the student's page."""
        return {
            "the panel": partial(self._filters.panel, Place(status=None), by=_ANNA),
            "the panel, with a stream chosen": partial(self._panel, "stream"),
            "the student with thousands of bookings": self._student,
        }

    def searches(self) -> Mapping[str, Operation]:
        return {
            name: partial(self._search.find, text, by=_ANNA) for name, text in _SEARCHES.items()
        }

    async def _page(self, chosen: Filter, edge: Edge) -> None:
        criteria = criteria_of(chosen)
        anchor = Anchor(edge=edge, at=_NOON, id=0) if edge is Edge.AFTER else None
        async with self._db.snapshot() as uow:
            await uow.filtered.page(criteria, edge, anchor, limit=PAGE_SIZE)

    async def _list(self, chosen: Filter, edge: Edge) -> None:
        place = Place(status=None, view=1, edge=edge)
        if edge is Edge.AFTER:
            place = replace(place, id=self._middle)
        async with self._db.snapshot() as uow:
            await read_filtered(uow, place, chosen)

    async def _panel(self, name: str) -> None:
        shown = await self._filters.open(_FILTERS[name], by=_ANNA)
        await self._filters.panel(shown.page.place, by=_ANNA)

    async def _student(self) -> None:
        await self._people.page(self._booking, by=_ANNA)


def _everywhere(read: Callable[[Filter, Edge], Awaitable[object]]) -> Mapping[str, Operation]:
    """Return what reads the first page, one in the middle, and the last page of each list."""
    asked: dict[str, Operation] = {}
    for name, chosen in _FILTERS.items():
        asked[f"{name}: first page"] = partial(read, chosen, Edge.FIRST)
        asked[f"{name}: page in the busiest day"] = partial(read, chosen, Edge.AFTER)
        asked[f"{name}: last page"] = partial(read, chosen, Edge.LAST)
    return asked
