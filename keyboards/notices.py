"""The buttons of notices to admins."""

import re
from typing import Final

from bot.i18n import Translator
from bot.texts.names import bare_username
from db.models.bookings import Booking
from keyboards.markup import Button, Markup, button, markup
from keyboards.payloads.bookings import NoticeCardButton

_USERNAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")
_MAX_COPIED: Final = 256
_BY_ID: Final = "tg://user?id="


def unreached(t: Translator, booking: Booking, by_hand: str, link: str) -> Markup:
    """Return the buttons to copy the text, to write to the student, and to open the booking.

    The copied text ends with the link that starts the bot.
    """
    copied = f"{_cut(by_hand, _MAX_COPIED - len(link) - 1)}\n{link}"
    return markup(
        [
            {"text": t.plain("button-copy"), "copy_text": {"text": copied}},
            {"text": t.plain("button-profile"), "url": profile(booking)},
        ],
        [_card(t, booking)],
    )


def settled(t: Translator, booking: Booking) -> Markup:
    """Return the button that opens the booking."""
    return markup([_card(t, booking)])


def without_profile(original: Markup) -> Markup:
    """Return the buttons without links by id, which some people's privacy settings forbid."""
    return markup(
        *(
            [button for button in row if not button.get("url", "").startswith(_BY_ID)]
            for row in original["inline_keyboard"]
        )
    )


def _card(t: Translator, booking: Booking) -> Button:
    card = NoticeCardButton.of_fields(booking=booking.id)
    return button(t.plain("button-booking", id=booking.id), card)


def _cut(text: str, length: int) -> str:
    """Return the beginning of the text, counted in UTF-16 as Telegram does."""
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")


def profile(booking: Booking) -> str:
    """Return a link to the student's profile.

    A link by username is preferred: one by id opens only if the reader's client knows the person.
    """
    return public_profile(booking) or f"{_BY_ID}{booking.user_id}"


def public_profile(booking: Booking) -> str | None:
    """Return a link to the profile that opens for everybody, or None without a username."""
    name = bare_username(booking.username)
    return f"https://t.me/{name}" if _USERNAME.fullmatch(name) else None
