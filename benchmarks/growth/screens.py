"""Whatever else admins open: cards, the panel, a student, the log, the outbox; and searches."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks.growth.places import ANNA, STAFF, Places, pages
from benchmarks.schools.filling import REGULAR
from benchmarks.timing import Operation
from bot.services.bookings import BookingService
from bot.services.filters import FilterService
from bot.services.history import HistoryService
from bot.services.messages import MessageService
from bot.services.people import PersonService
from bot.services.search import SearchService
from db.database import Database
from db.models import (
    Edge,
    FilterField,
    LogPlace,
    MessagePlace,
    MessageState,
    Place,
    Reason,
    Search,
)

_LOG: Final = LogPlace()
_WAITING: Final = MessagePlace(state=MessageState.WAITING, reason=Reason.BLOCKED)
_COMMON: Final = "Мария"
_SEARCHES: Final[Mapping[str, str]] = {
    "number": "#4711",
    "username": "@user_1234",
    "exact name": "Quirin Zywietz",
    "prefix": "Zywi",
    "rare fragment": "ywiet",
    "common fragment": "sen",
    "common word": _COMMON,
    "two common words": "anna sen",
    "slip of one letter": "Quirim Zywietz",
    "code": "FRIEND42",
    "no hit": "xyzzy plugh",
}


class Screens:
    """What admins open besides lists of bookings, and what they look for."""

    def __init__(self, db: Database, places: Places) -> None:
        self._db = db
        self._places = places
        self._bookings = BookingService(db, STAFF, grace=timedelta(0))
        self._filters = FilterService(db, STAFF, timezone=ZoneInfo("UTC"))
        self._history = HistoryService(db, STAFF)
        self._messages = MessageService(db, STAFF)
        self._people = PersonService(db, STAFF)
        self._search = SearchService(db, STAFF, grace=timedelta(0))

    async def screens(self) -> Mapping[str, Operation]:
        return {
            **self._cards(),
            **await self._panels(),
            **await self._log(),
            **await self._outbox(),
        }

    def _cards(self) -> Mapping[str, Operation]:
        middle, regular = self._places.middle, self._places.regular
        return {
            "a card": partial(self._bookings.card, middle.id, by=ANNA),
            "a card of somebody with thousands of bookings": partial(
                self._bookings.card, regular.id, by=ANNA
            ),
            "why a booking is as it is": partial(self._history.why, regular.id, by=ANNA),
            "where a booking can be moved": partial(
                self._bookings.destinations, middle.id, revision=middle.revision, by=ANNA
            ),
            "the student with thousands of bookings": partial(
                self._people.page, regular.id, by=ANNA
            ),
        }

    async def _panels(self) -> Mapping[str, Operation]:
        tab = Place(status=None)
        stream, _ = self._places.filtered["stream: first page"]
        view = (await self._filters.panel(stream, by=ANNA)).view
        return {
            "the panel": partial(self._filters.panel, tab, by=ANNA),
            "the panel, with a stream chosen": partial(self._filters.panel, stream, by=ANNA),
            "the panel's streams": partial(
                self._filters.choices, view, FilterField.STREAM, 0, by=ANNA
            ),
        }

    async def _log(self) -> Mapping[str, Operation]:
        first = await self._history.log(_LOG, by=ANNA)
        last = await self._history.log(replace(_LOG, edge=Edge.LAST), by=ANNA)
        row = (first.items[0].id + last.items[-1].id) // 2
        middle = replace(_LOG, edge=Edge.AFTER, id=row)
        return {
            name: partial(self._history.log, place, by=ANNA)
            for name, place in pages("the log", _LOG, middle).items()
        }

    async def _outbox(self) -> Mapping[str, Operation]:
        first = await self._messages.list(_WAITING, by=ANNA)
        last = await self._messages.list(replace(_WAITING, edge=Edge.LAST), by=ANNA)
        row = (first.items[0].message.id + last.items[-1].message.id) // 2
        middle = replace(_WAITING, edge=Edge.AFTER, id=row)
        lists = {
            name: partial(self._messages.list, place, by=ANNA)
            for name, place in pages("who has blocked the bot", _WAITING, middle).items()
        }
        return {"the outbox": partial(self._messages.groups, by=ANNA), **lists}

    async def searches(self) -> Mapping[str, Operation]:
        """Return searches by name, and the last pages of two that find much."""
        return {
            **{
                name: partial(self._search.find, text, by=ANNA) for name, text in _SEARCHES.items()
            },
            "common word: last page": await self._last(Search(text=_COMMON)),
            "a person's thousands": partial(self._search.of_person, REGULAR, by=ANNA),
            "a person's thousands: last page": await self._last(Search(person=REGULAR)),
        }

    async def _last(self, search: Search) -> Operation:
        async with self._db.transaction() as uow:
            place = Place(status=None, view=await uow.views.keep(search), edge=Edge.LAST)
        return partial(self._bookings.list, place, by=ANNA)
