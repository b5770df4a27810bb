"""A message as the people in the chat see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiogram.types import (
    Document,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    PhotoSize,
)

from simulator.chats.chats import Chat


@dataclass(frozen=True)
class ChatMessage:
    """A message at the moment it was looked at: later edits do not change it.

    `message` is the whole of it, in Telegram's own terms.
    """

    message: Message
    chat: Chat = field(repr=False, compare=False)

    @property
    def message_id(self) -> int:
        return self.message.message_id

    @property
    def date(self) -> datetime:
        return self.message.date

    @property
    def edit_date(self) -> int | None:
        return self.message.edit_date

    @property
    def from_bot(self) -> bool:
        return self.message.from_user is not None and self.message.from_user.is_bot

    @property
    def text(self) -> str:
        """The text, or the caption, or nothing; without markup."""
        return self.message.text or self.message.caption or ""

    @property
    def entities(self) -> Sequence[MessageEntity]:
        return self.message.entities or self.message.caption_entities or []

    @property
    def html(self) -> str:
        return self.message.html_text

    @property
    def caption(self) -> str | None:
        return self.message.caption

    @property
    def photo(self) -> PhotoSize | None:
        """The largest size, if it is a photo."""
        return self.message.photo[-1] if self.message.photo else None

    @property
    def document(self) -> Document | None:
        return self.message.document

    @property
    def reply_markup(self) -> InlineKeyboardMarkup | None:
        return self.message.reply_markup

    @property
    def buttons(self) -> list[list[InlineKeyboardButton]]:
        return self.reply_markup.inline_keyboard if self.reply_markup else []
