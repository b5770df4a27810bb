"""Buttons and the rows they stand in, as Telegram is told of them.

A list has twenty buttons. As objects of aiogram's, even as copies of one, they take ten times as
long to make, and fifteen times as long to write.
"""

from collections.abc import Iterable
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
    made: Button = {"text": label, "callback_data": payload}
    if style is not None:
        made["style"] = style
    return made


def markup(*rows: Iterable[Button]) -> Markup:
    """Telegram refuses an empty row, so one that came out empty is left out."""
    filled = [list(row) for row in rows]
    return {"inline_keyboard": [row for row in filled if row]}
