"""To an admin: a student's welcome cannot be delivered."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from bot.i18n import Translator, Translators
from bot.kinds.about import GONE, SETTLED, booking_of
from bot.kinds.acts import Act, Part, Send
from bot.services.outbox.delivery import Ended
from bot.texts import notices, students
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
from keyboards import notices as keyboards

WORTH_TELLING: Final[Set[MessageState]] = {
    MessageState.WAITING,
    MessageState.FAILED,
    MessageState.UNKNOWN,
}
"""What a welcome may end as that an admin has to know."""

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
    """What there is to tell."""

    booking: Booking
    welcome: Message
    language: str | None
    """Of the student's client, where the bot has met them."""


class Unreached:
    """The notice that a student could not be welcomed, with a text to send by hand."""

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
        booking = brief.booking
        by_hand = students.welcome_by_hand(self._translators.of(brief.language, t.now), booking)
        link = students.start_link(self._student_bot, booking)
        text = notices.unreached(t, booking, brief.welcome, by_hand, link)
        return [Send(Part(text=text, markup=keyboards.unreached(t, booking, by_hand)))]

    async def follow(self, uow: UnitOfWork, message: Message, state: MessageState) -> None:
        """Nothing follows."""
