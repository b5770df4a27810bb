"""The result of a search, in the chat with the desk or inline."""

from typing import Final

from bot.i18n import Translator
from bot.screens.bookings import booking_card, posted
from bot.screens.lists import booking_list
from bot.screens.screen import Offer, Screen
from bot.texts.lists import row
from bot.views.bookings import Card
from bot.views.lists import BookingList, FoundCard, Origin

_ALL_BOOKINGS: Final = Origin()


def found(t: Translator, result: FoundCard | BookingList) -> Screen:
    """Return the card of the only match, which leads back to the search, or the list."""
    if isinstance(result, FoundCard):
        return booking_card(t, result.card, Origin(result.key))
    return booking_list(t, result)


def offer(t: Translator, card: Card) -> Offer:
    """Return a card that can be posted; its title is its line in a list."""
    screen = posted(booking_card(t, card, _ALL_BOOKINGS))
    return Offer(id=str(card.booking.id), title=row(t, card.booking), screen=screen)
