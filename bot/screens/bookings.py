"""The card of a booking, and its questions."""

from dataclasses import replace

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import bookings as texts
from bot.views.bookings import Card
from bot.views.lists import Place
from db.models.copies import Shown
from keyboards import bookings as keyboards
from keyboards.payloads.bookings import CardButton


def booking_card(t: Translator, card: Card, origin: Place) -> Screen:
    shown = Shown(
        booking_id=card.booking.id,
        revision=card.booking.revision,
        payload=CardButton.of(origin, booking=card.booking.id),
        language=t.language,
        until=card.true_until(t.now),
    )
    return Screen(texts.booking_card(t, card), keyboards.booking_card(t, card, origin), shown)


def gone(t: Translator, booking_id: int) -> Screen:
    """What is left of the card of a deleted booking."""
    return Screen(t("card-gone", booking=booking_id), keyboards.gone(t))


def ask_resend(t: Translator, card: Card, origin: Place) -> Screen:
    return Screen(texts.ask_resend(t, card), keyboards.ask_resend(t, card, origin))


def posted(screen: Screen) -> Screen:
    """A card as it is in a chat where others read along."""
    return replace(screen, markup=screen.markup and keyboards.posted(screen.markup))
