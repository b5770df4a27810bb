"""What has happened: the log of all decisions, and why one booking is as it is."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.errors import BookingNotFound
from bot.services.paging import PAGE_SIZE, last_limit, numbered
from bot.services.staff import Staff
from db.database import Database, UnitOfWork
from db.models import UNREACHED, WELCOME, Actor, Change, Edge, Explanation, Log, LogPlace

_CHANGES_READ: Final = 100
_NOTICES_READ: Final = 10


class HistoryService:
    """The audit, for admins to read.

    Raises:
        NotAllowed: from every method, when `by` is not an admin.
    """

    def __init__(self, db: Database, staff: Staff) -> None:
        self._db = db
        self._staff = staff

    async def log(self, place: LogPlace, *, by: Actor) -> Log:
        """Return the page at `place`, or the nearest one that is not empty."""
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            return await self._read(uow, place)

    async def why(self, booking_id: int, *, by: Actor) -> Explanation:
        """Return what explains the booking's present state.

        Raises:
            BookingNotFound: there is no such booking.
        """
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            booking = await uow.bookings.get(booking_id)
            if booking is None:
                raise BookingNotFound(booking_id)
            changes = await uow.audit.of_booking(booking, limit=_CHANGES_READ)
            welcome = next(iter(await uow.outbox.of_booking(WELCOME, booking, limit=1)), None)
            notices = await uow.outbox.of_revision(
                UNREACHED, booking_id, welcome and welcome.revision, limit=_NOTICES_READ
            )
            return Explanation(
                booking=booking,
                decided=_newest(each for each in changes if each.decided),
                moved=_newest(each for each in changes if each.moved),
                welcome=welcome,
                notices=notices,
                told=await uow.audit.actors({notice.chat_id for notice in notices}),
            )

    async def _read(self, uow: UnitOfWork, place: LogPlace) -> Log:
        total = await uow.audit.size(place)
        limit = last_limit(total) if place.edge is Edge.LAST else PAGE_SIZE
        items = await uow.audit.page(place, limit=limit)
        if not items and place.edge not in {Edge.FIRST, Edge.LAST}:
            edge = Edge.FIRST if place.edge is Edge.BEFORE else Edge.LAST
            return await self._read(uow, replace(place, edge=edge, id=None))
        before = await uow.audit.newer(place, items[0].id) if items else 0
        behind = await uow.audit.older(place, items[-1].id) if items else 0
        here = replace(place, edge=Edge.FIRST, id=None)
        if before > 0:
            here = replace(place, edge=Edge.FROM, id=items[0].id)
        number, last = numbered(before, behind)
        return Log(
            place=here,
            items=items,
            number=number,
            last=last,
            total=total,
            actors=await uow.audit.actors(self._staff.ids),
        )


def _newest(changes: Iterable[Change]) -> Change | None:
    return next(iter(changes), None)
