"""What handlers read off an event before they ask a service."""

from typing import Final

from aiogram import Bot
from aiogram.types import TelegramObject

from bot.errors import BookingNotFound, BookingUnclear, SearchForgotten
from bot.views.lists import SavedQuery
from keyboards.payloads.lists import linked_list

_LONGEST_ID: Final = 18
"""Digits that surely fit a bigint."""


def number_of(text: str | None) -> int:
    """Return the number of a booking as somebody has written it.

    Raises:
        BookingUnclear: it is no number.
        BookingNotFound: it is longer than the number of any booking.
    """
    number = (text or "").strip().removeprefix("#")
    if not (number.isascii() and number.isdigit()):
        raise BookingUnclear
    if len(number) > _LONGEST_ID:
        raise BookingNotFound(f"{number[:_LONGEST_ID]}…")
    return int(number)


def list_of_link(payload: str | None) -> SavedQuery:
    """Return the list that a link opens.

    Raises:
        SearchForgotten: it is no link of the desk.
    """
    key = linked_list(payload or "")
    if key is None:
        raise SearchForgotten
    return key


def bot_of(event: TelegramObject) -> Bot:
    """Return the bot that an event came to; aiogram's type allows for none."""
    if event.bot is None:
        raise RuntimeError("an event that came to no bot")
    return event.bot
