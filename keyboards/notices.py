"""The buttons under what the desk tells admins by itself."""

import re
from typing import Final

from bot.i18n import Translator
from bot.views.lists import Origin
from db.models.bookings import Booking
from keyboards.markup import Markup, button, markup
from keyboards.payloads.bookings import CardButton

_USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_LONGEST_COPY: Final = 256
_BY_ID: Final = "tg://user?id="


def unreached(t: Translator, booking: Booking, by_hand: str) -> Markup:
    """Copy the text, write to the student, open the booking."""
    card = CardButton.of(Origin(), booking=booking.id)
    return markup(
        [
            {"text": t.plain("button-copy"), "copy_text": {"text": _cut(by_hand)}},
            {"text": t.plain("button-profile"), "url": profile(booking)},
        ],
        [button(t.plain("button-booking", id=booking.id), card)],
    )


def without_profile(shown: Markup) -> Markup:
    """Return the buttons but for links to people: some let nobody link to them."""
    return markup(
        *(
            [each for each in row if not each.get("url", "").startswith(_BY_ID)]
            for row in shown["inline_keyboard"]
        )
    )


def _cut(text: str) -> str:
    """Return as much as can be copied, as Telegram counts characters: in UTF-16."""
    return text.encode("utf-16-le")[: 2 * _LONGEST_COPY].decode("utf-16-le", "ignore")


def profile(booking: Booking) -> str:
    """Return a link to the student's profile.

    One by id opens only for whom the reader's client has met, so the name goes first.
    """
    return public_profile(booking) or f"{_BY_ID}{booking.user_id}"


def public_profile(booking: Booking) -> str | None:
    """Return a link to the student's profile that opens for everybody, if there is one."""
    if _USERNAME.fullmatch(booking.username or ""):
        return f"https://t.me/{booking.username}"
    return None
