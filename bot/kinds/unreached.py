"""The notice to an admin that a student cannot be told of a decision."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from bot.i18n import Translator, Translators
from bot.kinds.about import GONE, READDRESSED, SETTLED, booking_of
from bot.kinds.acts import Act, Part, Send
from bot.screens.notices import unreached
from bot.services.access.receivers import Receivers
from bot.services.outbox.outcomes import Ended
from bot.texts.students import by_hand
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.outbox import (
    UNREACHED,
    Message,
    MessageState,
    OutgoingMessage,
    Sender,
)

WORTH_TELLING: Final[Set[MessageState]] = {
    MessageState.WAITING,
    MessageState.FAILED,
    MessageState.UNKNOWN,
}
"""The ends of a student's message that an admin has to know."""

_MESSAGES_READ: Final = 10
"""Of one decision; there are several where another program corrected whose booking it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The contents of the notice."""

    booking: Booking
    message: Message
    """The student's."""
    language: str | None
    """The language of the student's client; None if the bot has never seen them."""


class Unreached:
    """The notice, with a text to send by hand."""

    def __init__(
        self,
        translators: Translators,
        receivers: Receivers,
        *,
        student_bot: str,
    ) -> None:
        """Take the username of the bot that students know, and the receivers.

        These are the admin who decided, if still an admin, and the group, if there is one; without
        both, all admins.
        """
        self._translators = translators
        self._receivers = receivers
        self._student_bot = student_bot

    async def follow_student(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Keep the cards true, and owe a notice if the student's message has ended badly."""
        booking_id, revision = message.booking_id, message.revision
        if booking_id is None or revision is None:
            return
        await uow.copies.touch(booking_id)
        if state in WORTH_TELLING:
            await self.owe(uow, booking_id, revision, message.chat_id, message.kind)

    async def owe(
        self, uow: UnitOfWork, booking_id: int, revision: int, student: int, kind: str
    ) -> None:
        """Owe the receivers of now the notice about the student's message of this kind."""
        change = await uow.audit.at(booking_id, revision)
        admins, group = self._receivers.admins, self._receivers.group
        deciders = {change.actor.id} & admins if change and change.actor else set[int]()
        for chat_id in deciders | group or admins:
            notice = OutgoingMessage(
                kind=UNREACHED,
                subject=f"{booking_id}:{revision}:{student}",
                chat_id=chat_id,
                sender=Sender.DESK,
                booking_id=booking_id,
                revision=revision,
                payload={"student": student, "kind": kind},
            )
            await uow.outbox.owe(notice)

    async def prepare(self, uow: UnitOfWork, message: Message) -> Brief | Ended:
        booking = await booking_of(uow, message)
        if booking is None:
            return GONE
        student = message.payload.get("student")
        if booking.user_id is None or booking.user_id != student or message.revision is None:
            return SETTLED
        kind = message.payload["kind"]
        for owed in await uow.outbox.of_revision(
            kind, booking.id, message.revision, limit=_MESSAGES_READ
        ):
            if owed.chat_id == student and owed.state in WORTH_TELLING:
                break
        else:
            return SETTLED
        if not await self._receivers.include(uow, message.chat_id):
            await self.owe(uow, booking.id, message.revision, booking.user_id, kind)
            return READDRESSED
        language = await uow.people.language(booking.user_id)
        return Brief(booking=booking, message=owed, language=language)

    def acts(self, t: Translator, brief: Brief) -> Sequence[Act]:
        students_t = self._translators.of(brief.language, t.now)
        notice = unreached(
            t,
            brief.booking,
            brief.message,
            by_hand=by_hand(students_t, brief.message, brief.booking),
            student_bot=self._student_bot,
        )
        return [Send(Part.of(notice))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Keep the notice true from now on."""
        if state is not MessageState.SENT:
            return
        sent = await uow.messages.get(message.id)
        if sent is not None and sent.telegram_message_ids:
            await uow.copies.sent(sent, sent.telegram_message_ids[-1])
