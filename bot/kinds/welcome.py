"""The welcome, which tells a student that the place is confirmed."""

from collections.abc import Sequence, Set

from bot.i18n import Translator
from bot.kinds.about import GONE, SETTLED, booking_of
from bot.kinds.acts import Act, Part, Send
from bot.kinds.unreached import WORTH_TELLING
from bot.screens import students
from bot.services.outbox.delivery import Ended
from db.database import UnitOfWork
from db.models.bookings import Booking, BookingStatus
from db.models.outbox import (
    UNREACHED,
    WELCOME,
    Message,
    MessageState,
    OutgoingMessage,
    Reason,
    Sender,
)


class Welcome:
    """The message that a confirmation owes the student."""

    def __init__(self, *, admins: Set[int], staff_chat_id: int | None) -> None:
        """Take the receivers of notices about students out of reach.

        These are the admin who decided, if still one of `admins`, and the admins' group, if there
        is one; without both, all `admins`.
        """
        self._admins = admins
        self._staff = set[int]() if staff_chat_id is None else {staff_chat_id}

    async def prepare(self, uow: UnitOfWork, message: Message) -> Booking | Ended:
        booking = await booking_of(uow, message)
        if booking is None:
            return GONE
        [newest] = await uow.outbox.of_booking(WELCOME, booking, limit=1)
        if booking.status is not BookingStatus.CONFIRMED:
            return Ended(MessageState.WITHDRAWN, Reason.NOT_CONFIRMED)
        # A booking that was cancelled and confirmed again while this welcome was under way owes a
        # newer one.
        return booking if newest.id == message.id else SETTLED

    def acts(self, t: Translator, brief: Booking) -> Sequence[Act]:
        return [Send(Part.of(students.welcome(t, brief)))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Owe a notice to the admins, who can reach the student by another way."""
        booking_id, revision = message.booking_id, message.revision
        if state not in WORTH_TELLING or booking_id is None or revision is None:
            return
        change = await uow.audit.at(booking_id, revision)
        deciders = {change.actor.id} & self._admins if change and change.actor else set[int]()
        for chat_id in deciders | self._staff or self._admins:
            notice = OutgoingMessage.about(
                UNREACHED, booking_id, revision, chat_id=chat_id, sender=Sender.DESK
            )
            await uow.outbox.owe(notice)
