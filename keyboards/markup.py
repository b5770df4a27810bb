"""Buttons and their rows, as dictionaries in the shape of the Bot API.

They are not aiogram's objects, which are much slower to make and to serialize: a list has twenty.
"""

from collections.abc import Iterable, Sequence
from typing import Required, TypedDict

from aiogram.enums import ButtonStyle


class CopyText(TypedDict):
    """https://core.telegram.org/bots/api#copytextbutton."""

    text: str


class Button(TypedDict, total=False):
    """https://core.telegram.org/bots/api#inlinekeyboardbutton."""

    text: Required[str]
    callback_data: str
    copy_text: CopyText
    style: ButtonStyle
    url: str


class Markup(TypedDict):
    """https://core.telegram.org/bots/api#inlinekeyboardmarkup."""

    inline_keyboard: list[list[Button]]


def button(label: str, payload: str, style: ButtonStyle | None = None) -> Button:
    result: Button = {"text": label, "callback_data": payload}
    if style is not None:
        result["style"] = style
    return result


def markup(*rows: Iterable[Button]) -> Markup:
    """Return the rows as markup, without empty ones, which Telegram refuses."""
    filled = [list(row) for row in rows]
    return {"inline_keyboard": [row for row in filled if row]}


def in_rows(buttons: Sequence[Button], across: int) -> Iterable[Sequence[Button]]:
    """Return the buttons in rows, as many side by side as a phone has room for their labels."""
    return (buttons[n : n + across] for n in range(0, len(buttons), across))
