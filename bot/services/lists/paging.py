"""One page of any list, and its place in the list."""

from typing import Final, Protocol, TypeVar

from bot.views.lists import Page
from db.models.counts import MOST_FOUND, AtLeast
from db.models.lists import START, Cursor, Edge, Scan

PAGE_SIZE: Final = 8
_NOTHING_BEYOND: Final = {Edge.FIRST: Edge.BEFORE, Edge.LAST: Edge.AFTER}
"""The pages at an end of the list, and the side on which nothing lies."""

T = TypeVar("T")


class ListSource(Protocol[T]):
    """A list, as `read_page` reads it; its counts stop at MOST_FOUND."""

    async def total(self) -> int | None:
        """Return the number of rows; None if it is to be counted around a page."""

    async def read(self, cursor: Cursor, limit: int) -> Scan[T]:
        """Return up to `limit` rows at the cursor."""

    async def before(self, row: T) -> int:
        """Count the rows before this one."""

    async def behind(self, row: T) -> int:
        """Count the rows behind this one."""

    def beside(self, edge: Edge, row: T) -> Cursor:
        """Return the cursor with this edge at the row."""


async def read_page(source: ListSource[T], cursor: Cursor) -> Page[T]:
    """Read the page at the cursor, or the nearest one that is not empty.

    The page's number follows from the rows that lie before it now, so an old button leads to the
    right one. It rounds up, because a page that was reached backwards may have fewer than
    PAGE_SIZE rows before it.
    """
    total = await source.total()
    scan = await source.read(cursor, PAGE_SIZE)
    if not scan.items and scan.end is None and cursor.edge not in _NOTHING_BEYOND:
        nearest = Edge.FIRST if cursor.edge is Edge.BEFORE else Edge.LAST
        return await read_page(source, Cursor(nearest))
    before, behind = await _around(source, cursor, scan, total)
    if total is None:
        total = _sum(before, len(scan.items), behind)
    if cursor.edge is Edge.LAST and scan.items and not isinstance(total, AtLeast):
        scan = Scan(scan.items[-last_limit(total) :], scan.end)
        before = total - len(scan.items)
    return _page(source, cursor, scan, before=before, behind=behind, total=total)


async def _around(
    source: ListSource[T], cursor: Cursor, scan: Scan[T], total: int | None
) -> tuple[int, int]:
    """Count the rows before and behind the page, unless reading it has shown their number."""
    items, unread = scan.items, 0 if scan.end is None else AtLeast(0)
    if not items:
        return 0, unread
    known = {_NOTHING_BEYOND[cursor.edge]: 0} if cursor.edge in _NOTHING_BEYOND else {}
    if len(items) < PAGE_SIZE:
        known[Edge.BEFORE if cursor.edge.backwards else Edge.AFTER] = unread
    before, behind = known.get(Edge.BEFORE), known.get(Edge.AFTER)
    if before is None:
        before = _rest(total, len(items), behind)
    if before is None:
        before = await source.before(items[0])
    if behind is None:
        behind = _rest(total, len(items), before)
    if behind is None:
        behind = await _behind(source, items[-1], before)
    return before, behind


def _rest(total: int | None, on_page: int, beyond: int | None) -> int | None:
    """Return the number of rows on one side, if the total and the other side determine it."""
    if total is None or beyond is None:
        return None
    rest = max(0, total - on_page - beyond)
    if isinstance(total, AtLeast):
        return AtLeast(rest) if rest else None
    return rest


async def _behind(source: ListSource[T], row: T, before: int) -> int:
    """Count the rows behind; if the page has no exact number, only see whether there are any."""
    if not isinstance(before, AtLeast):
        return await source.behind(row)
    scan = await source.read(source.beside(Edge.AFTER, row), 1)
    return AtLeast(len(scan.items)) if scan.items or scan.end is not None else 0


def _sum(*counts: int) -> int:
    """Return the sum of counts, AtLeast if one of them is, or if it reaches MOST_FOUND."""
    total = sum(counts)
    if total >= MOST_FOUND or any(isinstance(count, AtLeast) for count in counts):
        return AtLeast(min(total, MOST_FOUND))
    return total


def _page(
    source: ListSource[T], cursor: Cursor, scan: Scan[T], *, before: int, behind: int, total: int
) -> Page[T]:
    """Return the page; where a scan ended early, the neighbour continues from its end."""
    items = scan.items
    number, last = numbered(before, behind)
    previous = source.beside(Edge.BEFORE, items[0]) if before and items else None
    following = source.beside(Edge.AFTER, items[-1]) if behind and items else None
    if scan.end is not None and cursor.edge.backwards:
        previous = Cursor(Edge.BEFORE, scan.end)
    elif scan.end is not None:
        following = Cursor(Edge.AFTER, scan.end)
        if not items and cursor.edge is not Edge.FIRST:
            previous = START
    return Page(
        items=items,
        cursor=source.beside(Edge.FROM, items[0]) if before and items else START,
        number=number,
        last=last,
        total=total,
        previous=previous,
        next=following,
    )


def last_limit(total: int) -> int:
    """Return how many rows the last page holds: the remainder, if the total is exact.

    The pages before it are full then.
    """
    return PAGE_SIZE if isinstance(total, AtLeast) else (total - 1) % PAGE_SIZE + 1


def numbered(before: int, behind: int) -> tuple[int, int]:
    """Return the numbers of the page and of the last one, from the rows before and behind it.

    They are AtLeast where the counts are.
    """
    number = _pages(before) + 1
    last = number + _pages(behind)
    if isinstance(before, AtLeast):
        return AtLeast(number), AtLeast(last)
    return number, AtLeast(last) if isinstance(behind, AtLeast) else last


def _pages(rows: int) -> int:
    """Return how many pages the rows fill, rounded up."""
    return -(-rows // PAGE_SIZE)
