"""A page of a list of bookings."""

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.texts import lists as texts
from bot.views.lists import BookingList
from keyboards import lists as keyboards


def booking_list(t: Translator, bookings: BookingList) -> Screen:
    return Screen(texts.booking_list(t, bookings), keyboards.booking_list(t, bookings))
