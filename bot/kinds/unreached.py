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
from db.models.outbox import WELCOME, Message, MessageState

WORTH_TELLING: Final[Set[MessageState]] = {
    MessageState.WAITING,
    MessageState.FAILED,
    MessageState.UNKNOWN,
}
"""The ends of a welcome that an admin has to know."""


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
        for welcome in await uow.outbox.of_revision(
            WELCOME, message.booking_id, message.revision, limit=1
        ):
            if welcome.state in WORTH_TELLING:
                language = await uow.people.language(booking.user_id)
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
