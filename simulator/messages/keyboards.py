"""Keyboards, read and checked as Telegram reads and checks them."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar, get_args

from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from pydantic import ValidationError

from simulator.errors import ApiError, bad_request

_Button = TypeVar("_Button", InlineKeyboardButton, KeyboardButton)
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply

_MOST_BUTTONS: Final = 100
_MOST_IN_A_ROW: Final = 12
_MOST_READ: Final = 300
_STYLES: Final = {"danger", "success", "primary"}
_KINDS: Final = {"keyboard", "inline_keyboard", "remove_keyboard", "force_reply"}
#: What a button can do; of several the first counts.
_ACTIONS: Final = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
    "disabled",
)
#: Actions that are none while they are empty.
_NEED_TEXT: Final = {"url", "callback_data"}
_TEXTS: Final = {"text", "url", "callback_data", "switch_inline_query", "style"}
_IN_PRIVATE: Final = {
    "request_contact": "phone number can be requested",
    "request_location": "location can be requested",
    "request_poll": "poll can be requested",
    "request_users": "users can be requested",
    "request_chat": "chats can be requested",
    "web_app": "Web App buttons can be used",
}
_FLAGS: Final = {
    "remove_keyboard", "force_reply", "selective", "resize_keyboard", "one_time_keyboard",
    "is_persistent",
}  # fmt: skip
_URL: Final = re.compile(
    r"tg://\S+|(?:(?:https?|ton)://)?[^\s/?#:]+\.[^\s/?#:]+(?::\d{1,5})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)


def read_markup(value: Mapping[str, Any], kinds: object) -> Markup | None:
    """Return the markup that JSON describes: the first there is of four kinds.

    Raises:
        ApiError: it cannot be read, or is not of these kinds.
    """
    try:
        markup = _read(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise bad_request(f'can\'t parse reply markup "{where}": {first["msg"]}') from None
    if markup is not None and type(markup) not in get_args(kinds):
        raise bad_request("inline keyboard expected")
    return markup


def refuse_unknown_kind(value: Mapping[str, Any]) -> None:
    """Raise ApiError for markup of no kind, which Telegram takes for none at all."""
    if value and not value.keys() & _KINDS:
        raise bad_request(f"there is no markup with {sorted(value)}")


def reply_keyboard(markup: ReplyKeyboardMarkup, *, private: bool) -> ReplyKeyboardMarkup:
    """Return the keyboard as people see it: buttons without text are left out.

    Raises:
        ApiError: a button asks for what can only be asked in private.
    """
    rows = _shown(markup.keyboard)
    for button in (button for row in rows for button in row):
        for action, what in _IN_PRIVATE.items():
            if not private and getattr(button, action):
                raise bad_request(f"{what} in private chats only")
    return markup.model_copy(update={"keyboard": rows})


def inline_keyboard(markup: object) -> InlineKeyboardMarkup | None:
    """Return the buttons under a message, None if there are none.

    Buttons without text and empty rows vanish, and so do buttons that no row has room for.

    Raises:
        ApiError: Telegram would not show these buttons.
    """
    if not isinstance(markup, InlineKeyboardMarkup):
        return None
    rows = _shown([[_settled(button) for button in row] for row in markup.inline_keyboard])
    for button in (button for row in rows for button in row):
        _check(button)
    if sum(map(len, rows)) > _MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _read(value: Mapping[str, Any]) -> Markup | None:
    for name in value.keys() & _FLAGS:
        if value[name] is not None and not isinstance(value[name], bool):
            raise bad_request(f'field "{name}" must be of type Boolean')
    keyboard = _rows(value, "keyboard", "", _keyboard_button)
    inline = _rows(value, "inline_keyboard", " of the InlineKeyboardMarkup", _inline_button)
    others = {name: item for name, item in value.items() if item is not None}
    if keyboard:
        others.pop("inline_keyboard", None)
        return ReplyKeyboardMarkup.model_validate(others | {"keyboard": keyboard})
    if inline:
        others.pop("keyboard", None)
        return InlineKeyboardMarkup.model_validate(others | {"inline_keyboard": inline})
    if others.get("remove_keyboard"):
        return ReplyKeyboardRemove.model_validate(others)
    if others.get("force_reply"):
        return ForceReply.model_validate(others)
    return None


def _rows(
    value: Mapping[str, Any], name: str, owner: str, read: Callable[[object], dict[str, Any]]
) -> list[list[dict[str, Any]]]:
    rows = value.get(name)
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}"{owner} must be an Array of Arrays')
    return [[read(button) for button in row] for row in rows]


def _keyboard_button(button: object) -> dict[str, Any]:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, dict):
        raise bad_request(
            "can't parse keyboard button: KeyboardButton must be a String or an Object"
        )
    return _with_text(button, "keyboard")


def _inline_button(button: object) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _invalid("InlineKeyboardButton must be an Object")
    return _with_text(button, "inline keyboard")


def _with_text(button: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return a button; numbers in place of texts are texts."""
    if button.get("text") is None:
        raise bad_request(f"can't parse {kind} button: Can't find field \"text\"")
    given = {name: item for name, item in button.items() if item is not None}
    for name in given.keys() & _TEXTS:
        if isinstance(given[name], bool | list | dict):
            raise bad_request(f'can\'t parse {kind} button: Field "{name}" must be of type String')
        given[name] = str(given[name])
    return given


def _shown(rows: Sequence[Sequence[_Button]]) -> list[list[_Button]]:
    left, shown = _MOST_READ, []
    for row in rows:
        taken = list(islice((button for button in row if button.text), min(left, _MOST_IN_A_ROW)))
        left -= len(taken)
        if taken:
            shown.append(taken)
    return shown


def _settled(button: InlineKeyboardButton) -> InlineKeyboardButton:
    """Return a button with the one action it has.

    Raises:
        ApiError: it has none, or looks like nothing Telegram shows.
    """
    style = button.style and button.style.lower()
    if style and style not in _STYLES:
        raise _invalid("invalid button style specified")
    if button.icon_custom_emoji_id and not button.icon_custom_emoji_id.isdecimal():
        raise _invalid("invalid custom emoji identifier specified")
    _, *ignored = _actions(button)
    return button.model_copy(update={"style": style or None} | dict.fromkeys(ignored))


def _check(button: InlineKeyboardButton) -> None:
    """Raise ApiError for an action that Telegram does not take."""
    for action, check in _CHECKS.items():
        if getattr(button, action) is not None:
            check(button)


def _actions(button: InlineKeyboardButton) -> list[str]:
    given = [name for name in _ACTIONS if getattr(button, name) is not None]
    found = [name for name in given if name not in _NEED_TEXT or getattr(button, name)]
    if not found:
        raise _invalid("Text buttons are unallowed in the inline keyboard")
    return found + [name for name in given if name not in found]


def _check_data(button: InlineKeyboardButton) -> None:
    if len((button.callback_data or "").encode()) > 64:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(button: InlineKeyboardButton) -> None:
    if not _URL.fullmatch(button.url or ""):
        raise bad_request(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")


def _check_copied_text(button: InlineKeyboardButton) -> None:
    if button.copy_text and not 1 <= len(button.copy_text.text) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _invalid(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


_CHECKS: Final[Mapping[str, Callable[[InlineKeyboardButton], None]]] = {
    "callback_data": _check_data,
    "url": _check_url,
    "copy_text": _check_copied_text,
}
