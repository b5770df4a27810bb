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


def posted(screen: Screen) -> Screen:
    """A card as it is in a chat where others read along."""
    return replace(screen, markup=screen.markup and keyboards.posted(screen.markup))
