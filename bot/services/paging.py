"""One page of a list of bookings, and where it lies in the list."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from db.database import UnitOfWork
from db.models import AtLeast, Booking, BookingList, Edge, Page, Place

PAGE_SIZE: Final = 8


async def read_list(uow: UnitOfWork, place: Place) -> BookingList:
    """Read the page at `place`, or the nearest one that is not empty.

    The page's number is reckoned from the bookings that come before it now, so it is right
    also on a button that is a year old. It counts whole pages before this one: a page that
    was reached backwards may begin with fewer rows than fit.
    """
    counts = await uow.counts.by_status()
    total = counts.get(place.status, 0)
    limit = last_limit(total) if place.edge is Edge.LAST else PAGE_SIZE
    items = await uow.bookings.page(place, limit=limit)
    if not items and place.edge not in {Edge.FIRST, Edge.LAST}:
        nearest = Edge.FIRST if place.edge is Edge.BEFORE else Edge.LAST
        return await read_list(uow, Place(status=place.status, edge=nearest))
    before = await _before(uow, place, items, total)
    page = page_of(items, place, before=before, behind=total - before - len(items))
    return BookingList(page=page, counts=counts)


async def _before(uow: UnitOfWork, place: Place, items: Sequence[Booking], total: int) -> int:
    """Count the bookings of the list that come before these."""
    if place.edge is Edge.FIRST or not items:
        return 0
    if place.edge is Edge.LAST:
        return total - len(items)
    older = await uow.counts.before(items[0], place.status)
    return total - older - 1 if place.newest_first else older


def page_of(items: Sequence[Booking], place: Place, *, before: int, behind: int) -> Page[Booking]:
    """Return the page with these bookings of the list of `place`, and where its neighbours lie."""
    number, last = numbered(before, behind)
    return Page(
        items=items,
        place=beside(place, Edge.FROM, items[0]) if before else start_of(place),
        number=number,
        last=last,
        previous=beside(place, Edge.BEFORE, items[0]) if before and items else None,
        next=beside(place, Edge.AFTER, items[-1]) if behind and items else None,
    )


def start_of(place: Place) -> Place:
    return replace(place, edge=Edge.FIRST, at=None, id=None)


def beside(place: Place, edge: Edge, booking: Booking) -> Place:
    """Return the page of the same list that lies so to the booking."""
    at = booking.listed_at if place.view is None else None
    return replace(place, edge=edge, at=at, id=booking.id)


def last_limit(total: int) -> int:
    """Return how many rows the last page holds: what is left over, if that is known.

    So going back from it meets whole pages.
    """
    return PAGE_SIZE if isinstance(total, AtLeast) else (total - 1) % PAGE_SIZE + 1


def numbered(before: int, behind: int) -> tuple[int, int]:
    """Return the number of the page with so many rows before and behind it, and of the last page.

    Where counting ended, so do they.
    """
    number = _pages(before) + 1
    last = number + _pages(behind)
    if isinstance(before, AtLeast):
        return AtLeast(number), AtLeast(last)
    return number, AtLeast(last) if isinstance(behind, AtLeast) else last


def _pages(rows: int) -> int:
    """Return how many pages so many rows fill."""
    return -(-rows // PAGE_SIZE)
