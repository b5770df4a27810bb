"""One page of a list of bookings, and where it lies in the list."""

from dataclasses import replace
from typing import Final

from db.database import UnitOfWork
from db.models import Booking, BookingList, Edge, Page, Place

PAGE_SIZE: Final = 8


async def read_list(uow: UnitOfWork, place: Place) -> BookingList:
    """Read the page at `place`, or the nearest one that is not empty.

    The page's number is reckoned from the bookings that come before it now, so it is right
    also on a button that is a year old. It counts whole pages before this one: a page that
    was reached backwards may begin with fewer rows than fit.
    """
    counts = await uow.counts.by_status()
    total = counts.get(place.status, 0)
    items = await uow.bookings.page(place, limit=_limit(place, total))
    if not items and place.edge not in {Edge.FIRST, Edge.LAST}:
        nearest = Edge.FIRST if place.edge is Edge.BEFORE else Edge.LAST
        return await read_list(uow, Place(status=place.status, edge=nearest))
    rank = await _rank(uow, place, items[0], total) if items else 0
    here = replace(place, edge=Edge.FIRST, at=None, id=None)
    if rank > 0:
        here = replace(place, edge=Edge.FROM, at=items[0].listed_at, id=items[0].id)
    number = pages(rank) + 1
    last = number + pages(total - rank - len(items))
    page = Page(items=items, place=here, number=number, last=last)
    return BookingList(page=page, counts=counts)


def _limit(place: Place, total: int) -> int:
    """The last page holds what is left over, so that going back from it meets whole pages."""
    return (total - 1) % PAGE_SIZE + 1 if place.edge is Edge.LAST else PAGE_SIZE


async def _rank(uow: UnitOfWork, place: Place, first: Booking, total: int) -> int:
    """Count the bookings of the list that come before `first`."""
    if place.edge is Edge.FIRST:
        return 0
    older = await uow.counts.before_hour(first.listed_at, place.status)
    older += await uow.bookings.rank_within_hour(first, place.status)
    return total - older - 1 if place.newest_first else older


def pages(rows: int) -> int:
    """Return how many pages so many rows fill."""
    return -(-rows // PAGE_SIZE)
