"""The reminder of a booking that has no payment receipt yet."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.kinds.about import GONE, READDRESSED, SETTLED, booking_of
from bot.kinds.acts import Act, Part, Send
from bot.screens import students
from bot.services.outbox.outcomes import Ended
from db.database import UnitOfWork
from db.models.bookings import Booking, BookingStatus
from db.models.outbox import Message, MessageState


class Reminder:
    """The message that an admin sends to a student who has not paid."""

    async def prepare(self, uow: UnitOfWork, message: Message) -> Booking | Ended:
        booking = await booking_of(uow, message)
        if booking is None:
            return GONE
        if booking.status is not BookingStatus.NEW:
            return SETTLED
        return booking if booking.user_id == message.chat_id else READDRESSED

    def acts(self, t: Translator, brief: Booking) -> Sequence[Act]:
        return [Send(Part.of(students.reminder(t, brief)))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Nothing follows."""
