"""The notice to an admin that a student cannot be told of a decision."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.i18n import Translator, Translators
from bot.kinds.about import GONE, MERGED, READDRESSED, SETTLED, keep_true
from bot.kinds.acts import Act, Part, Send
from bot.screens.notices import unreached
from bot.services.access.receivers import Receivers
from bot.services.outbox.notices import read_notice
from bot.services.outbox.outcomes import Ended
from bot.views.acting import IN_TROUBLE
from bot.views.outbox import Notice
from db.database import UnitOfWork
from db.models.outbox import (
    UNREACHED,
    Message,
    MessageState,
    OutgoingMessage,
    Sender,
)

SITTING: Final = timedelta(minutes=30)
"""The news of so much time is one message in a chat, which grows."""


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
        if state in IN_TROUBLE:
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

    async def prepare(self, uow: UnitOfWork, message: Message) -> Notice | Ended:
        """Return the notice with all that it has taken over, unless another takes it over."""
        notice = await read_notice(uow, message)
        if not notice.in_trouble:
            return SETTLED if any(each.booking for each in notice.students) else GONE
        if not await self._receivers.include(uow, message.chat_id):
            await self._owe_others(uow, notice)
            return READDRESSED
        lead = await uow.notices.lead(message, young=SITTING)
        if lead is not None:
            await uow.notices.join(lead, message)
            return MERGED
        await uow.notices.begin(message)
        return await read_notice(uow, message)

    async def _owe_others(self, uow: UnitOfWork, notice: Notice) -> None:
        for lost in (each.message for each in notice.in_trouble):
            if lost.booking_id is not None and lost.revision is not None:
                await self.owe(uow, lost.booking_id, lost.revision, lost.chat_id, lost.kind)

    def acts(self, t: Translator, brief: Notice) -> Sequence[Act]:
        students_t = self._translators.of(brief.language, t.now)
        return [Send(Part.of(unreached(t, students_t, brief, bot=self._student_bot)))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Keep the notice true from now on, or let others tell what it has taken over."""
        if state is MessageState.SENT:
            await keep_true(uow, message)
        elif state in {MessageState.FAILED, MessageState.UNKNOWN}:
            await uow.notices.part(message.id)
