"""Buttons under a message, checked as Telegram checks them."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from simulator.errors import ApiError, bad_request
from simulator.text.spans import to_units

_MOST_BUTTONS: Final = 100
_LOOKS: Final = {"text", "style", "icon_custom_emoji_id"}
_STYLES: Final = {None, "danger", "success", "primary"}
_URL: Final = re.compile(
    r"tg://\S+|(?:(?:https?|ton)://)?[^\s/?#:]+\.[^\s/?#:]+(?::\d{1,5})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)


def inline_keyboard(markup: object) -> InlineKeyboardMarkup | None:
    """Return the buttons under a message: empty rows vanish, a keyboard without buttons is none.

    Raises:
        ApiError: Telegram would not show these buttons.
    """
    if not isinstance(markup, InlineKeyboardMarkup):
        return None
    rows = [row for row in markup.inline_keyboard if row]
    if sum(map(len, rows)) > _MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in (button for row in rows for button in row):
        _check(button)
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _check(button: InlineKeyboardButton) -> None:
    if not button.text.strip():
        raise _invalid("inline keyboard button text must be non-empty")
    if button.style not in _STYLES:
        raise _invalid("invalid button style specified")
    if button.icon_custom_emoji_id and not button.icon_custom_emoji_id.isdecimal():
        raise _invalid("invalid custom emoji identifier specified")
    actions = set(button.model_dump(exclude_none=True)) - _LOOKS
    if not actions:
        raise _invalid("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _invalid(f"exactly one action must be used, not {sorted(actions)}")
    for action, check in _CHECKS.items():
        if action in actions:
            check(button)


def _check_data(button: InlineKeyboardButton) -> None:
    if not 1 <= len((button.callback_data or "").encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(button: InlineKeyboardButton) -> None:
    if not _URL.fullmatch(button.url or ""):
        raise bad_request(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")


def _check_copied_text(button: InlineKeyboardButton) -> None:
    if button.copy_text and not 1 <= len(to_units(button.copy_text.text)) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _invalid(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


_CHECKS: Final[Mapping[str, Callable[[InlineKeyboardButton], None]]] = {
    "callback_data": _check_data,
    "url": _check_url,
    "copy_text": _check_copied_text,
}
