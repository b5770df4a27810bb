"""The result of a search, in the chat with the desk or inline."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.i18n import Translator
from bot.screens.bookings import booking_card, posted
from bot.screens.lists import booking_list
from bot.screens.screen import Offer, Screen
from bot.texts.lists import row
from bot.views.bookings import Card
from bot.views.lists import BookingList, FoundCard, Meaning, Origin
from keyboards.filters import with_offers

_ALL_BOOKINGS: Final = Origin()


def found(
    t: Translator, result: FoundCard | BookingList, offers: Sequence[Meaning] = ()
) -> Screen:
    """Return the card of the only match, which leads back to the search, or the list.

    Above the buttons of a list stand the `offers`, other lists that the text may mean.
    """
    if isinstance(result, FoundCard):
        return booking_card(t, result.card, Origin(result.key))
    screen = booking_list(t, result)
    return replace(screen, markup=with_offers(t, screen.markup, offers))


def offer(t: Translator, card: Card) -> Offer:
    """Return a card that can be posted; its title is its line in a list."""
    screen = posted(booking_card(t, card, _ALL_BOOKINGS))
    return Offer(id=str(card.booking.id), title=row(t, card.booking), screen=screen)
