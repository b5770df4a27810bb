"""Arguments that handlers read from an event before they call a service."""

from typing import Final

from aiogram import Bot
from aiogram.types import TelegramObject

from bot.errors import BookingNotFound, BookingUnclear, SearchForgotten
from bot.views.lists import SavedQuery
from keyboards.payloads.lists import linked_list

_MAX_DIGITS: Final = 18
"""Digits; a longer number may not fit a bigint."""


def number_of(text: str | None) -> int:
    """Return the number of a booking from what an admin typed.

    Raises:
        BookingUnclear: the text is not a number.
        BookingNotFound: the number is too long for any booking.
    """
    number = (text or "").strip().removeprefix("#")
    if not (number.isascii() and number.isdigit()):
        raise BookingUnclear
    if len(number) > _MAX_DIGITS:
        raise BookingNotFound(f"{number[:_MAX_DIGITS]}…")
    return int(number)


def list_of_link(payload: str | None) -> SavedQuery:
    """Return the list that a link opens.

    Raises:
        SearchForgotten: the payload does not name a list.
    """
    key = linked_list(payload or "")
    if key is None:
        raise SearchForgotten
    return key


def bot_of(event: TelegramObject) -> Bot:
    """Return the bot that an event came to, which aiogram declares as optional."""
    if event.bot is None:
        raise RuntimeError("an event without a bot")
    return event.bot
