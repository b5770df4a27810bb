"""The search box: what somebody wrote, and the bookings it finds."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.errors import SearchEmpty, SearchTooLong
from bot.services.cards import read_card
from bot.services.finding import find
from bot.services.paging import PAGE_SIZE, last_limit, page_of
from bot.services.staff import Staff
from db.database import Database, UnitOfWork
from db.models import (
    Actor,
    AtLeast,
    Booking,
    BookingList,
    Card,
    Edge,
    Found,
    Hits,
    Place,
    Search,
)

LONGEST: Final = 64
"""Characters of a search; no name and no code has more."""
_NAMES_AT_ONCE: Final = 1000
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})


class SearchService:
    """Bookings by number, person, name, username or referral code.

    Raises:
        NotAllowed: from every method, when `by` is not an admin.
        SearchEmpty, SearchTooLong: there is nothing to look for, or too much.
    """

    def __init__(self, db: Database, staff: Staff, *, grace: timedelta) -> None:
        """Find bookings; `grace` is for how long a decision can be undone."""
        self._db = db
        self._staff = staff
        self._grace = grace

    async def find(self, text: str, *, by: Actor) -> Card | BookingList:
        """Return the card of the one booking that is meant, or the first page of several."""
        self._staff.check(by)
        return await self._open(Search(text=_visible(text)))

    async def of_person(self, user_id: int, *, by: Actor) -> Card | BookingList:
        """Like `find`, for the bookings of one person."""
        self._staff.check(by)
        return await self._open(Search(person=user_id))

    async def cards(self, text: str, *, by: Actor) -> Sequence[Card]:
        """Return the cards of the first bookings that the text finds."""
        shown = await self.find(text, by=by)
        if isinstance(shown, Card):
            return [shown]
        async with self._db.snapshot() as uow:
            return [await self._card(uow, booking) for booking in shown.page.items]

    async def _open(self, search: Search) -> Card | BookingList:
        async with self._db.transaction() as uow:
            await uow.names.learn(limit=_NAMES_AT_ONCE)
            view = await uow.views.keep(search)
            shown = await read_found(uow, Place(status=None, view=view), search)
            if shown.found and shown.found.total == 1 and not shown.found.nearest:
                return await self._card(uow, shown.page.items[0])
            return shown

    async def _card(self, uow: UnitOfWork, booking: Booking) -> Card:
        change = await uow.audit.latest(booking)
        return await read_card(uow, booking, change, grace=self._grace)


async def read_found(uow: UnitOfWork, place: Place, search: Search) -> BookingList:
    """Read the page at `place` of what was looked for, or the nearest one that is not empty."""
    hits, nearest = await find(uow, search, limit=PAGE_SIZE)
    items = await _items(uow, place, hits)
    if not items and place.edge not in {Edge.FIRST, Edge.LAST}:
        edge = Edge.FIRST if place.edge is Edge.BEFORE else Edge.LAST
        return await read_found(uow, replace(place, edge=edge, id=None), search)
    before = behind = 0
    if items and place.edge is not Edge.FIRST:
        before = await uow.found.newer(hits.targets, items[0].id)
    if items:
        behind = await _behind(uow, hits, before, items)
    return BookingList(
        page=page_of(items, place, before=before, behind=behind),
        counts={},
        found=Found(search=search, total=hits.total, nearest=nearest),
    )


async def _items(uow: UnitOfWork, place: Place, hits: Hits) -> Sequence[Booking]:
    ids = hits.first
    if place.edge is not Edge.FIRST:
        limit = last_limit(hits.total) if place.edge is Edge.LAST else PAGE_SIZE
        ids = await uow.found.page(hits.targets, place, limit=limit)
    bookings = await uow.bookings.of_ids(set(ids))
    return [bookings[booking] for booking in ids if booking in bookings]


async def _behind(uow: UnitOfWork, hits: Hits, before: int, items: Sequence[Booking]) -> int:
    """Return what is left of the list behind the page, which is counted if need be."""
    left = max(0, hits.total - before - len(items))
    if not isinstance(hits.total, AtLeast):
        return left
    return AtLeast(left) if left else await uow.found.older(hits.targets, items[-1].id)


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
