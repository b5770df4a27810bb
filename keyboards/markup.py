"""Buttons and the rows they stand in."""

from collections.abc import Iterable

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup


def button(
    label: str, payload: CallbackData, style: ButtonStyle | None = None
) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=payload.pack(), style=style)


def markup(*rows: Iterable[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Telegram refuses an empty row, so one that came out empty is left out."""
    filled = [list(row) for row in rows]
    return InlineKeyboardMarkup(inline_keyboard=[row for row in filled if row])
