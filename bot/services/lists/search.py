"""The search: from a text to the bookings that it finds."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.errors import SearchEmpty, SearchTooLong
from bot.services.access import Desk, Permission
from bot.services.bookings.cards import read_card
from bot.services.lists.finding import find
from bot.services.lists.paging import PAGE_SIZE, read_page
from bot.services.visible import visible
from bot.views.bookings import Card
from bot.views.lists import FoundCard, FoundList, SavedQuery
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.bookings import Booking
from db.models.lists import START, Cursor, Edge, Scan
from db.models.search import Hits, Search

LONGEST: Final = 64
"""Characters of a search; no name and no code has more."""
_NAMES_AT_ONCE: Final = 1000
_TRIES: Final = 4
_LEARNING_SECONDS: Final = 0.1
"""In which another program has learned the names that are new."""


class SearchService:
    """Bookings by number, person, name, username or referral code.

    Raises:
        NotAllowed: from every method, if `by` may not read.
        SearchEmpty, SearchTooLong: the text has nothing that can be searched for, or too much.
    """

    def __init__(self, desk: Desk, *, grace: timedelta) -> None:
        """Show in cards that a decision can be undone for the time of `grace`."""
        self._desk = desk
        self._grace = grace

    async def find(self, text: str, *, by: Actor) -> FoundCard | FoundList:
        """Return the card of the only hit, or the first page of the hits."""
        # The permission is checked before the text, so that others learn nothing from its errors.
        return await self._search(lambda: Search(text=_visible(text)), by)

    async def of_author(self, name: str, *, by: Actor) -> FoundCard | FoundList:
        """Do the same as `find` for a whole name; of a long one only the beginning counts."""
        return await self._search(lambda: Search(text=_visible(_beginning(name))), by)

    async def of_person(self, user_id: int, *, by: Actor) -> FoundCard | FoundList:
        """Do the same as `find` for the bookings of one person."""
        async with self._desk.transaction(by, Permission.READ) as uow:
            return await self._open(uow, Search(person=user_id))

    async def cards(self, text: str, *, by: Actor) -> Sequence[Card]:
        """Return the cards of the first page of hits."""
        found = await self.find(text, by=by)
        if isinstance(found, FoundCard):
            return [found.card]
        async with self._desk.snapshot(by) as uow:
            return [await self._card(uow, booking) for booking in found.page.items]

    async def _search(self, search: Callable[[], Search], by: Actor) -> FoundCard | FoundList:
        """Search, and again when nothing is found while another program learns new names."""
        tries = _TRIES
        while True:
            async with self._desk.transaction(by, Permission.READ) as uow:
                found = await self._open(uow, search())
                tries -= 1
                if not tries or _is_hit(found) or await uow.names.are_known():
                    return found
            await asyncio.sleep(_LEARNING_SECONDS)

    async def _open(self, uow: UnitOfWork, search: Search) -> FoundCard | FoundList:
        await uow.names.learn(limit=_NAMES_AT_ONCE)
        key = SavedQuery(await uow.saved_queries.keep(search))
        found = await read_found(uow, key, search, START)
        if found.page.total == 1 and not found.nearest:
            return FoundCard(key=key, card=await self._card(uow, found.page.items[0]))
        return found

    async def _card(self, uow: UnitOfWork, booking: Booking) -> Card:
        change = await uow.audit.latest(booking)
        return await read_card(uow, booking, change, grace=self._grace)


def _is_hit(found: FoundCard | FoundList) -> bool:
    return isinstance(found, FoundCard) or bool(found.page.items and not found.nearest)


async def read_found(
    uow: UnitOfWork, key: SavedQuery, search: Search, cursor: Cursor
) -> FoundList:
    hits, nearest = await find(uow, search, limit=PAGE_SIZE)
    page = await read_page(_FoundSource(uow, hits), cursor)
    return FoundList(key=key, page=page, search=search, nearest=nearest)


class _FoundSource:
    """The hits by their ids, newest first."""

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
        return Scan([bookings[id_] for id_ in ids if id_ in bookings])

    async def before(self, row: Booking) -> int:
        return await self._uow.search.count(self._hits.targets, self.beside(Edge.BEFORE, row))

    async def behind(self, row: Booking) -> int:
        return await self._uow.search.count(self._hits.targets, self.beside(Edge.AFTER, row))

    def beside(self, edge: Edge, row: Booking) -> Cursor:
        return Cursor(edge, row.id)


def _beginning(name: str) -> str:
    """Return the whole words that fit a search; of one long word its beginning."""
    if len(name) <= LONGEST:
        return name
    return name[: LONGEST + 1].rpartition(" ")[0] or name[:LONGEST]


def _visible(text: str) -> str:
    """Return the visible characters of the text, normalized.

    Raises:
        SearchEmpty, SearchTooLong: there are none, or too many of them.
    """
    words = visible(text)
    if not words:
        raise SearchEmpty
    if len(words) > LONGEST:
        raise SearchTooLong(LONGEST)
    return words
