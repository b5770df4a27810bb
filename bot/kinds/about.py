"""The parts that all messages about a booking share."""

from typing import Final

from bot.services.outbox.outcomes import Ended
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.outbox import Message, MessageState, Reason

GONE: Final = Ended(MessageState.WITHDRAWN, Reason.BOOKING_GONE)
READDRESSED: Final = Ended(MessageState.WITHDRAWN, Reason.READDRESSED)
MERGED: Final = Ended(MessageState.WITHDRAWN, Reason.MERGED)
SETTLED: Final = Ended(MessageState.WITHDRAWN, Reason.SETTLED)


async def keep_true(uow: UnitOfWork, notice: Message) -> None:
    """Have a notice that was sent drawn again whenever what it says changes."""
    sent = await uow.messages.get(notice.id)
    if sent is not None and sent.telegram_message_ids:
        await uow.copies.sent(sent, sent.telegram_message_ids[-1])


async def booking_of(uow: UnitOfWork, message: Message) -> Booking | None:
    """Return the booking that the message is about; None if it is deleted."""
    if message.booking_id is None:
        return None
    booking = await uow.bookings.get(message.booking_id)
    return booking if booking is not None and message.is_about(booking) else None
