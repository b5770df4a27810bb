"""The search box: what somebody wrote, and the bookings it finds."""

import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.errors import SearchEmpty, SearchTooLong
from bot.services.access import Desk, Permission
from bot.services.bookings.cards import read_card
from bot.services.lists.finding import find
from bot.services.lists.paging import PAGE_SIZE, read_page
from bot.views.bookings import Card
from bot.views.lists import FoundList, SavedQuery
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.bookings import Booking
from db.models.lists import START, Cursor, Edge, Scan
from db.models.search import Hits, Search

LONGEST: Final = 64
"""Characters of a search; no name and no code has more."""
_NAMES_AT_ONCE: Final = 1000
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})


class SearchService:
    """Bookings by number, person, name, username or referral code.

    Raises:
        NotAllowed: from every method, when `by` may not read.
        SearchEmpty, SearchTooLong: there is nothing to look for, or too much.
    """

    def __init__(self, desk: Desk, *, grace: timedelta) -> None:
        """Find bookings; `grace` is for how long a decision can be undone."""
        self._desk = desk
        self._grace = grace

    async def find(self, text: str, *, by: Actor) -> Card | FoundList:
        """Return the card of the one booking that is meant, or the first page of several."""
        # Whoever may not search does not learn what could be searched for, either.
        async with self._desk.transaction(by, Permission.READ) as uow:
            return await self._open(uow, Search(text=_visible(text)))

    async def of_person(self, user_id: int, *, by: Actor) -> Card | FoundList:
        """Like `find`, for the bookings of one person."""
        async with self._desk.transaction(by, Permission.READ) as uow:
            return await self._open(uow, Search(person=user_id))

    async def cards(self, text: str, *, by: Actor) -> Sequence[Card]:
        """Return the cards of the first bookings that the text finds."""
        shown = await self.find(text, by=by)
        if isinstance(shown, Card):
            return [shown]
        async with self._desk.snapshot(by) as uow:
            return [await self._card(uow, booking) for booking in shown.page.items]

    async def _open(self, uow: UnitOfWork, search: Search) -> Card | FoundList:
        await uow.names.learn(limit=_NAMES_AT_ONCE)
        key = SavedQuery(await uow.saved_queries.keep(search))
        shown = await read_found(uow, key, search, START)
        if shown.page.total == 1 and not shown.nearest:
            return await self._card(uow, shown.page.items[0])
        return shown

    async def _card(self, uow: UnitOfWork, booking: Booking) -> Card:
        change = await uow.audit.latest(booking)
        return await read_card(uow, booking, change, grace=self._grace)


async def read_found(
    uow: UnitOfWork, key: SavedQuery, search: Search, cursor: Cursor
) -> FoundList:
    hits, nearest = await find(uow, search, limit=PAGE_SIZE)
    page = await read_page(_FoundSource(uow, hits), cursor)
    return FoundList(key=key, page=page, search=search, nearest=nearest)


class _FoundSource:
    """Bookings in the order of their numbers, the newest first."""

    def __init__(self, uow: UnitOfWork, hits: Hits) -> None:
        self._uow = uow
        self._hits = hits

    async def total(self) -> int:
        return self._hits.total

    async def read(self, cursor: Cursor, limit: int) -> Scan[Booking]:
        if cursor.edge is Edge.FIRST:
            ids = self._hits.first
        else:
            ids = await self._uow.search.page(self._hits.targets, cursor, limit=limit)
        bookings = await self._uow.bookings.of_ids(set(ids))
        return Scan([bookings[booking] for booking in ids if booking in bookings])

    async def before(self, row: Booking) -> int:
        return await self._uow.search.count(self._hits.targets, self.beside(Edge.BEFORE, row))

    async def behind(self, row: Booking) -> int:
        return await self._uow.search.count(self._hits.targets, self.beside(Edge.AFTER, row))

    def beside(self, edge: Edge, row: Booking) -> Cursor:
        return Cursor(edge, row.id)


def _visible(text: str) -> str:
    """Return what can be seen of the text, in one form for all ways to write it.

    Raises:
        SearchEmpty, SearchTooLong: there is nothing, or too much of it.
    """
    letters = unicodedata.normalize("NFC", text)
    seen = (" " if each.isspace() else each for each in letters)
    words = "".join(each for each in seen if unicodedata.category(each) not in _INVISIBLE).split()
    if not words:
        raise SearchEmpty
    visible = " ".join(words)
    if len(visible) > LONGEST:
        raise SearchTooLong(LONGEST)
    return visible
