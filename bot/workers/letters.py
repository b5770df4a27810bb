"""What an owed message says, composed when it leaves: names and streams as they are then."""

from dataclasses import dataclass
from datetime import UTC, datetime

from aiogram.types import InlineKeyboardMarkup

from bot.i18n import Translators
from bot.services.deliveries import Delivery
from bot.texts import notices, students
from db.models import MessageKind
from keyboards.notices import unreached as unreached_markup


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is sent."""

    text: str
    """HTML."""
    markup: InlineKeyboardMarkup | None = None


class Letters:
    """Every kind of message, in its reader's language."""

    def __init__(self, translators: Translators, *, student_bot: str) -> None:
        """Take the username of the bot that students know."""
        self._translators = translators
        self._student_bot = student_bot

    def compose(self, delivery: Delivery) -> Letter:
        now = datetime.now(UTC)
        t = self._translators.of(delivery.claim.language, now)
        match delivery.claim.message.kind:
            case MessageKind.WELCOME:
                return Letter(students.welcome(t, delivery.booking))
            case MessageKind.UNREACHED:
                by_hand = students.welcome_by_hand(
                    self._translators.of(delivery.student_language, now), delivery.booking
                )
                link = students.start_link(self._student_bot, delivery.booking)
                return Letter(
                    notices.unreached(t, delivery.booking, delivery.subject, by_hand, link),
                    unreached_markup(t, delivery.booking, by_hand),
                )
