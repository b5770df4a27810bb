"""Cards, the panel, a student, the log, the outbox, and searches."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks.growth.places import ANNA, NOW, Places, desk_of, pages
from benchmarks.schools.filling import REGULAR
from benchmarks.support.timing import Operation
from bot.services.backlog.questions import QuestionService
from bot.services.bookings.decisions import BookingService
from bot.services.history import HistoryService
from bot.services.lists.filters import FilterService
from bot.services.lists.pages import ListService
from bot.services.lists.search import SearchService
from bot.services.outbox.admin import OutboxService
from bot.services.people import PersonService
from bot.views.lists import EVERYTHING, Origin, SavedQuery
from db.database import Database
from db.models.audit import LogFilter
from db.models.bookings import BookingAction
from db.models.filters import FilterField
from db.models.lists import Cursor, Edge
from db.models.outbox import GroupKey, MessageState, Reason
from db.models.search import Search

_LOG: Final = LogFilter()
_WAITING: Final = GroupKey(MessageState.WAITING, Reason.BLOCKED)
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
    """One school's screens other than lists of bookings, and its searches."""

    def __init__(self, db: Database, places: Places) -> None:
        self._db = db
        self._places = places
        desk = desk_of(db)
        self._bookings = BookingService(desk, grace=timedelta(0))
        self._questions = QuestionService(desk, self._bookings, grace=timedelta(0), tell=True)
        self._filters = FilterService(desk, timezone=ZoneInfo("UTC"))
        self._history = HistoryService(desk)
        self._lists = ListService(desk, timezone=ZoneInfo("UTC"))
        self._messages = OutboxService(desk, student_bot="school_bot")
        self._people = PersonService(desk)
        self._search = SearchService(desk, grace=timedelta(0))

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
                self._questions.ask,
                BookingAction.MOVE,
                middle.id,
                revision=middle.revision,
                back="",
                by=ANNA,
            ),
            "the student with thousands of bookings": partial(
                self._people.page, regular.id, by=ANNA
            ),
        }

    async def _panels(self) -> Mapping[str, Operation]:
        (stream, _), _ = self._places.filtered["stream: first page"]
        panel = partial(self._filters.panel, by=ANNA, now=NOW)
        key = (await panel(stream)).key
        return {
            "the panel": partial(panel, EVERYTHING),
            "the panel, with a stream chosen": partial(panel, stream),
            "the panel's streams": partial(
                self._filters.choices, key, FilterField.STREAM, 0, by=ANNA, now=NOW
            ),
        }

    async def _log(self) -> Mapping[str, Operation]:
        first = await self._history.log(_LOG, by=ANNA)
        last = await self._history.log(_LOG, Cursor(Edge.LAST), by=ANNA)
        row = (first.page.items[0].id + last.page.items[-1].id) // 2
        return {
            name: partial(self._history.log, _LOG, cursor, by=ANNA)
            for name, cursor in pages("the log", Cursor(Edge.AFTER, row)).items()
        }

    async def _outbox(self) -> Mapping[str, Operation]:
        first = await self._messages.list(_WAITING, by=ANNA)
        last = await self._messages.list(_WAITING, Cursor(Edge.LAST), by=ANNA)
        row = (first.page.items[0].message.id + last.page.items[-1].message.id) // 2
        found = pages("who has blocked the bot", Cursor(Edge.AFTER, row))
        lists = {
            name: partial(self._messages.list, _WAITING, cursor, by=ANNA)
            for name, cursor in found.items()
        }
        return {"the outbox": partial(self._messages.groups, by=ANNA), **lists}

    async def searches(self) -> Mapping[str, Operation]:
        """Return the searches by name, and the last pages of two with many results."""
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
            key = SavedQuery(await uow.saved_queries.keep(search))
        return partial(self._lists.page, Origin(key, Cursor(Edge.LAST)), by=ANNA, now=NOW)
