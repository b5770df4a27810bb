"""Arguments that handlers read from an event before they call a service."""

import re
from collections.abc import Sequence
from typing import Final

from aiogram import Bot
from aiogram.types import Message, TelegramObject

from bot.errors import BookingNotFound, BookingUnclear, SearchForgotten
from bot.views.lists import SavedQuery
from keyboards.payloads.lists import linked_list

_NUMBER: Final = re.compile(r"[#№]?\s?([0-9]+)")
_MAX_DIGITS: Final = 18
"""Digits; a longer number may not fit a bigint."""


def number_of(text: str | None) -> int:
    """Return the number of a booking from what an admin typed.

    Raises:
        BookingUnclear: the text is not a number.
        BookingNotFound: the number is too long for any booking.
    """
    written = _NUMBER.fullmatch((text or "").strip())
    if written is None:
        raise BookingUnclear
    number = written[1]
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


def buttons_replied_to(message: Message) -> Sequence[str | None]:
    """Return the payloads of the buttons under the message that this one replies to."""
    replied = message.reply_to_message
    if replied is None or replied.reply_markup is None:
        return []
    return [button.callback_data for row in replied.reply_markup.inline_keyboard for button in row]


def bot_of(event: TelegramObject) -> Bot:
    """Return the bot that an event came to, which aiogram declares as optional."""
    if event.bot is None:
        raise RuntimeError("an event without a bot")
    return event.bot
