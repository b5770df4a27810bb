"""The messages that tell a student that the booking is cancelled or moved."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.i18n import Translator
from bot.kinds.about import GONE, READDRESSED, SETTLED, booking_of
from bot.kinds.acts import Act, Part, Send
from bot.kinds.unreached import Unreached
from bot.screens import students
from bot.services.outbox.outcomes import Ended
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.outbox import Message, MessageState


@dataclass(frozen=True, slots=True)
class Brief:
    """What the student is told."""

    message: Message
    booking: Booking


class Told:
    """The message that an admin wanted with a decision; never one about an older decision."""

    def __init__(self, unreached: Unreached) -> None:
        """Take the kind of the notices about students out of reach."""
        self._unreached = unreached

    async def prepare(self, uow: UnitOfWork, message: Message) -> Brief | Ended:
        booking = await booking_of(uow, message)
        if booking is None:
            return GONE
        newest = await uow.audit.latest(booking)
        if newest is None or newest.revision != message.revision:
            return SETTLED
        return Brief(message, booking) if booking.user_id == message.chat_id else READDRESSED

    def acts(self, t: Translator, brief: Brief) -> Sequence[Act]:
        return [Send(Part.of(students.told(t, brief.message, brief.booking)))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Owe a notice to the admins, who can reach the student by another way."""
        await self._unreached.follow_student(uow, message, state)
