"""Walks through lists, from button to button."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot.services.lists.pages import ListService
from bot.views.lists import BookingList, ListKey, Origin
from db.models.audit import Actor
from db.models.bookings import Booking
from db.models.filters import Filter
from db.models.lists import START, Cursor
from tests.support.school import ANNA_ID

ANNA: Final = Actor(id=ANNA_ID, name="Anna")
NOW: Final = datetime.now(UTC)


def ids(items: Sequence[Booking]) -> list[int]:
    return [booking.id for booking in items]


class Walker:
    """An admin who turns the pages of lists."""

    def __init__(self, lists: ListService) -> None:
        self._lists = lists

    async def opens(self, filter_: Filter) -> BookingList:
        return await self._lists.open(filter_, by=ANNA, now=NOW)

    async def turns(self, key: ListKey, cursor: Cursor = START) -> BookingList:
        return await self._lists.page(Origin(key, cursor), by=ANNA, now=NOW)

    async def walks(self, booking_list: BookingList) -> list[int]:
        """Return the bookings from this page to the last, pressing Next."""
        page = booking_list.page
        seen = ids(page.items)
        while page.next:
            page = (await self.turns(booking_list.key, page.next)).page
            seen += ids(page.items)
        return seen

    async def walks_back(self, booking_list: BookingList) -> list[int]:
        """Return the bookings from the first page to this one, pressing Previous."""
        page = booking_list.page
        seen = ids(page.items)
        while page.previous:
            page = (await self.turns(booking_list.key, page.previous)).page
            seen = [*ids(page.items), *seen]
        return seen
