"""What messages about a booking have in common."""

from typing import Final

from bot.services.outbox.delivery import Ended
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.outbox import Message, MessageState, Reason

GONE: Final = Ended(MessageState.WITHDRAWN, Reason.BOOKING_GONE)
READDRESSED: Final = Ended(MessageState.WITHDRAWN, Reason.READDRESSED)
SETTLED: Final = Ended(MessageState.WITHDRAWN, Reason.SETTLED)


async def booking_of(uow: UnitOfWork, message: Message) -> Booking | None:
    """Return the booking that the message is about; None when it is gone."""
    if message.booking_id is None:
        return None
    booking = await uow.bookings.get(message.booking_id)
    return booking if booking is not None and message.is_about(booking) else None
