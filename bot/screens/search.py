"""What a search has found: in the chat with the desk, and for any other."""

from typing import Final

from bot.i18n import Translator
from bot.screens.bookings import booking_card, posted
from bot.screens.lists import booking_list
from bot.screens.screen import Offer, Screen
from bot.texts.lists import row
from bot.views.bookings import Card
from bot.views.lists import BookingList, Origin

_EVERYTHING: Final = Origin()


def found(t: Translator, what: Card | BookingList) -> Screen:
    """The card of the one booking that was meant, or a list of several."""
    if isinstance(what, Card):
        return booking_card(t, what, _EVERYTHING)
    return booking_list(t, what)


def offer(t: Translator, card: Card) -> Offer:
    """A card to be posted; its line in a list is its title."""
    screen = posted(booking_card(t, card, _EVERYTHING))
    return Offer(id=str(card.booking.id), title=row(t, card.booking), screen=screen)
