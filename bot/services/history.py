"""The history: the log of all decisions, and the explanation of one booking's state."""

from collections.abc import Iterable
from typing import Final

from bot.errors import BookingNotFound
from bot.services.access import Desk
from bot.services.bookings.cards import read_telling
from bot.services.lists.paging import read_page
from bot.views.history import Explanation, Log
from db.database import UnitOfWork
from db.models.audit import Actor, Change, LogFilter
from db.models.lists import START, Cursor, Edge, Scan
from db.models.outbox import UNREACHED, WELCOME

_CHANGES_READ: Final = 100
_NOTICES_READ: Final = 10


class HistoryService:
    """The audit, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not read.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def log(self, filter_: LogFilter, cursor: Cursor = START, *, by: Actor) -> Log:
        """Return the page at the cursor, or the nearest one that is not empty."""
        async with self._desk.snapshot(by) as uow:
            page = await read_page(_LogSource(uow, filter_), cursor)
            return Log(
                filter=filter_,
                page=page,
                bookings=await uow.bookings.of_ids({change.booking_id for change in page.items}),
                actors=await uow.actors.named(self._desk.staff.ids),
            )

    async def why(self, booking_id: int, *, by: Actor) -> Explanation:
        """Return the changes and messages that explain the booking's state.

        Raises:
            BookingNotFound: there is no such booking.
        """
        async with self._desk.snapshot(by) as uow:
            booking = await uow.bookings.get(booking_id)
            if booking is None:
                raise BookingNotFound(booking_id)
            uow.allow(booking.course_id)
            changes = await uow.audit.of_booking(booking, limit=_CHANGES_READ)
            welcome = next(iter(await uow.outbox.of_booking(WELCOME, booking, limit=1)), None)
            decided = _newest(change for change in changes if change.decided)
            moved = _newest(change for change in changes if change.moved)
            tellings = [await read_telling(uow, change) for change in (decided, moved)]
            notices = await uow.outbox.of_revision(
                UNREACHED, booking_id, welcome and welcome.revision, limit=_NOTICES_READ
            )
            return Explanation(
                booking=booking,
                decided=decided,
                moved=moved,
                welcome=welcome,
                tellings={
                    told.revision: told
                    for told in tellings
                    if told is not None and told.revision is not None
                },
                notices=notices,
                notified=await uow.actors.named({notice.chat_id for notice in notices}),
            )


class _LogSource:
    """The entries that fit a filter, newest first."""

    def __init__(self, uow: UnitOfWork, filter_: LogFilter) -> None:
        self._audit = uow.audit
        self._filter = filter_

    async def total(self) -> None:
        return None

    async def read(self, cursor: Cursor, limit: int) -> Scan[Change]:
        return Scan(await self._audit.page(self._filter, cursor, limit=limit))

    async def before(self, row: Change) -> int:
        return await self._audit.count(self._filter, self.beside(Edge.BEFORE, row))

    async def behind(self, row: Change) -> int:
        return await self._audit.count(self._filter, self.beside(Edge.AFTER, row))

    def beside(self, edge: Edge, row: Change) -> Cursor:
        return Cursor(edge, row.id)


def _newest(changes: Iterable[Change]) -> Change | None:
    return next(iter(changes), None)
