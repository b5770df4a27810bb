"""The welcome, which tells a student that the place is confirmed."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.kinds.about import GONE, READDRESSED, SETTLED, booking_of
from bot.kinds.acts import Act, Part, Send
from bot.kinds.unreached import Unreached
from bot.screens import students
from bot.services.bookings.effects import readdress_welcome
from bot.services.outbox.outcomes import Ended
from db.database import UnitOfWork
from db.models.bookings import Booking, BookingStatus
from db.models.outbox import WELCOME, Message, MessageState, Reason


class Welcome:
    """The message that a confirmation owes the student."""

    def __init__(self, unreached: Unreached) -> None:
        """Take the kind of the notices about students out of reach."""
        self._unreached = unreached

    async def prepare(self, uow: UnitOfWork, message: Message) -> Booking | Ended:
        booking = await booking_of(uow, message)
        if booking is None:
            return GONE
        [newest] = await uow.outbox.of_booking(WELCOME, booking, limit=1)
        if booking.status is not BookingStatus.CONFIRMED:
            return Ended(MessageState.WITHDRAWN, Reason.NOT_CONFIRMED)
        # A booking that was cancelled and confirmed again while this welcome was under way owes a
        # newer one.
        if newest.revision is None or newest.revision != message.revision:
            return SETTLED
        if booking.user_id != message.chat_id:
            await readdress_welcome(uow, booking, revision=newest.revision)
            return READDRESSED
        return booking

    def acts(self, t: Translator, brief: Booking) -> Sequence[Act]:
        return [Send(Part.of(students.welcome(t, brief)))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Owe a notice to the admins, who can reach the student by another way."""
        await self._unreached.follow_student(uow, message, state)
