"""Notices to admins."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import notices as texts
from bot.texts.students import start_link
from bot.views.alerts import Alert
from bot.views.outbox import SettledNotice
from db.models.bookings import Booking
from db.models.outbox import Message
from keyboards import notices as keyboards


def unreached(
    t: Translator, booking: Booking, message: Message, *, by_hand: str, student_bot: str
) -> Screen:
    """Return the notice with the text to send by hand; its link starts the students' bot."""
    link = start_link(student_bot, booking)
    text = texts.unreached(t, booking, message, by_hand, link)
    return Screen(text, keyboards.unreached(t, booking, by_hand, link))


def settled(t: Translator, notice: SettledNotice) -> Screen:
    return Screen(texts.settled(t, notice), keyboards.settled(t, notice.booking))


def alert(t: Translator, about: Alert, *, waiting: int) -> Screen:
    """Return the alert; `waiting` is the number of messages that wait to leave."""
    return Screen(texts.alert(t, about, waiting))
