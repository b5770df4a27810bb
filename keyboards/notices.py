"""The buttons under what the desk tells admins by itself."""

import re
from typing import Final

from aiogram.types import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import Translator
from db.models import Booking, Place
from keyboards.callbacks import CardButton

_USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_LONGEST_COPY: Final = 256
_EVERYTHING: Final = Place(status=None)


def unreached(t: Translator, booking: Booking, by_hand: str) -> InlineKeyboardMarkup:
    """Copy the text, write to the student, open the booking."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(
                    text=t.plain("button-copy"),
                    copy_text=CopyTextButton(text=_cut(by_hand)),
                ),
                InlineKeyboardButton(text=t.plain("button-profile"), url=profile(booking)),
            ],
            [
                InlineKeyboardButton(
                    text=t.plain("button-booking", id=booking.id),
                    callback_data=CardButton.of(_EVERYTHING, booking=booking.id).pack(),
                )
            ],
        ]
    )


def _cut(text: str) -> str:
    """Return as much as can be copied, as Telegram counts characters: in UTF-16."""
    return text.encode("utf-16-le")[: 2 * _LONGEST_COPY].decode("utf-16-le", "ignore")


def profile(booking: Booking) -> str:
    """Return a link to the student's profile.

    One by id opens only for whom the reader's client has met, so the name goes first.
    """
    if _USERNAME.fullmatch(booking.username or ""):
        return f"https://t.me/{booking.username}"
    return f"tg://user?id={booking.user_id}"
