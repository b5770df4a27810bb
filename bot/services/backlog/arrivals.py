"""New bookings of other programs, of which the staff are told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot.services.access.receivers import Receivers
from bot.services.bookings.cards import read_card
from bot.views.outbox import Arrivals
from db.database import Database, UnitOfWork
from db.models.bookings import Booking, BookingStatus
from db.models.outbox import ARRIVAL, Message, OutgoingMessage, Priority, Sender

_AT_ONCE: Final = 500
_NAMED: Final = 20
"""Of more bookings that are found together, only the newest are named, the others counted."""
_EVERY_SECONDS: Final = 3.0


class ArrivalService:
    """Tells the staff of bookings that other programs have made, also while no desk ran."""

    def __init__(self, db: Database, receivers: Receivers, *, tells: bool) -> None:
        """Without `tells` the bookings are only passed over."""
        self._db = db
        self._receivers = receivers
        self._tells = tells

    async def follow(self) -> float:
        """Owe the staff the news of up to 500 bookings.

        Returns:
            The seconds after which there may be more.
        """
        async with self._db.statement() as uow:
            if not await uow.arrivals.are_there():
                return _EVERY_SECONDS
        async with self._db.transaction() as uow:
            if not await uow.arrivals.lock():
                return _EVERY_SECONDS
            seen = await uow.arrivals.look(limit=_AT_ONCE)
            if self._tells:
                await self._tell(uow, seen)
            await uow.arrivals.settle()
        return 0 if len(seen) == _AT_ONCE else _EVERY_SECONDS

    async def _tell(self, uow: UnitOfWork, seen: Mapping[int, bool]) -> None:
        found = await uow.bookings.of_ids(
            {number for number, external in seen.items() if external}
        )
        new = [
            found[number]
            for number in sorted(found)
            if found[number].status is not BookingStatus.CANCELLED
        ]
        for chat_id in await self._receivers.of_arrivals(uow) if new else ():
            await _owe(uow, chat_id, new)


async def _owe(uow: UnitOfWork, chat_id: int, new: Sequence[Booking]) -> None:
    """Owe a chat a notice for each booking that is named; they share a message if they can."""
    others = len(new[:-_NAMED])
    for booking in new[-_NAMED:]:
        notice = OutgoingMessage(
            kind=ARRIVAL,
            subject=f"{booking.id}:{booking.first_revision}",
            chat_id=chat_id,
            sender=Sender.DESK,
            booking_id=booking.id,
            revision=booking.revision,
            payload={"others": others},
        )
        await uow.outbox.owe(notice, priority=Priority.EXTERNAL)
        others = 0


async def read_arrivals(uow: UnitOfWork, notice: Message, *, grace: timedelta) -> Arrivals | None:
    """Return the bookings that a notice, and those merged into it, are about, as they are now.

    Returns:
        None if none of them is there any more.
    """
    notices = await uow.notices.gathered(notice.id)
    found = await uow.bookings.of_ids({each.booking_id or 0 for each in notices})
    bookings = [
        booking
        for each in notices
        if (booking := found.get(each.booking_id or 0)) and each.is_about(booking)
    ]
    others = sum(int(each.payload["others"]) for each in notices)
    if not bookings:
        return None
    card = None
    if len(notices) == 1 and not others:
        card = await read_card(uow, bookings[0], await uow.audit.latest(bookings[0]), grace=grace)
    return Arrivals(bookings=bookings, others=others, card=card)
