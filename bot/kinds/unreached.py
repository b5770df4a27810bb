"""The notice to an admin that a student's welcome cannot be delivered."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from bot.i18n import Translator, Translators
from bot.kinds.about import GONE, SETTLED, booking_of
from bot.kinds.acts import Act, Part, Send
from bot.screens.notices import unreached
from bot.services.outbox.delivery import Ended
from bot.texts.students import welcome_by_hand
from db.database import UnitOfWork
from db.models.bookings import Booking
from db.models.outbox import (
    UNREACHED,
    WELCOME,
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
"""The ends of a welcome that an admin has to know."""

_WELCOMES_READ: Final = 10
"""Of one confirmation; there are several where another program corrected whose booking it is."""


def notice(booking_id: int, revision: int, *, student: int, chat_id: int) -> OutgoingMessage:
    """Return the notice to `chat_id` that the welcome to `student` cannot be delivered."""
    return OutgoingMessage(
        kind=UNREACHED,
        subject=f"{booking_id}:{revision}:{student}",
        chat_id=chat_id,
        sender=Sender.DESK,
        booking_id=booking_id,
        revision=revision,
        payload={"student": student},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The contents of the notice."""

    booking: Booking
    welcome: Message
    language: str | None
    """The language of the student's client; None if the bot has never seen them."""


class Unreached:
    """The notice, with a text to send by hand."""

    def __init__(self, translators: Translators, *, student_bot: str) -> None:
        """Take the username of the bot that students know."""
        self._translators = translators
        self._student_bot = student_bot

    async def prepare(self, uow: UnitOfWork, message: Message) -> Brief | Ended:
        booking = await booking_of(uow, message)
        if booking is None:
            return GONE
        student = message.payload.get("student")
        if booking.user_id != student:
            return SETTLED
        for welcome in await uow.outbox.of_revision(
            WELCOME, message.booking_id, message.revision, limit=_WELCOMES_READ
        ):
            if welcome.chat_id == student and welcome.state in WORTH_TELLING:
                language = await uow.people.language(student)
                return Brief(booking=booking, welcome=welcome, language=language)
        return SETTLED

    def acts(self, t: Translator, brief: Brief) -> Sequence[Act]:
        students_t = self._translators.of(brief.language, t.now)
        notice = unreached(
            t,
            brief.booking,
            brief.welcome,
            by_hand=welcome_by_hand(students_t, brief.booking),
            student_bot=self._student_bot,
        )
        return [Send(Part.of(notice))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Nothing follows."""
