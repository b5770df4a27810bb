"""The screens of students."""

from collections.abc import Sequence

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import students as texts
from db.models.bookings import Booking
from db.models.outbox import Message


def own_bookings(t: Translator, first_name: str, bookings: Sequence[Booking]) -> Screen:
    """Return the answer to /start."""
    return Screen(texts.own_bookings(t, first_name, bookings))


def welcome(t: Translator, booking: Booking) -> Screen:
    """Return the message that a confirmation owes the student."""
    return Screen(texts.welcome(t, booking))


def reminder(t: Translator, booking: Booking) -> Screen:
    """Return the reminder of a booking without a payment receipt."""
    return Screen(texts.reminder(t, booking))


def told(t: Translator, message: Message, booking: Booking) -> Screen:
    """Return the message that the booking is cancelled or moved."""
    return Screen(texts.told(t, message, booking))
