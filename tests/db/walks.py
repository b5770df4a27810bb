"""Walks through lists, from button to button."""

from collections.abc import Sequence
from typing import Final

from bot.services.bookings import BookingService
from db.models import Actor, Booking, Page
from tests.support.school import ANNA_ID

ANNA: Final = Actor(id=ANNA_ID, name="Anna")


def ids(items: Sequence[Booking]) -> list[int]:
    return [booking.id for booking in items]


async def walked(bookings: BookingService, page: Page[Booking]) -> list[int]:
    """Return what is on the pages from this one on, pressing Next."""
    seen = ids(page.items)
    while page.next:
        page = (await bookings.list(page.next, by=ANNA)).page
        seen += ids(page.items)
    return seen


async def walked_back(bookings: BookingService, page: Page[Booking]) -> list[int]:
    """Return what is on the pages up to this one, pressing Previous."""
    seen = ids(page.items)
    while page.previous:
        page = (await bookings.list(page.previous, by=ANNA)).page
        seen = [*ids(page.items), *seen]
    return seen
