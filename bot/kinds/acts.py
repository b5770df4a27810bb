"""The acts of a message in its chat, and the interface of a kind of messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol, Self, TypeAlias, TypeVar

from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration

from bot.i18n import Translator
from bot.screens.screen import Screen
from bot.services.outbox import delivery as deliveries
from keyboards.markup import Markup

B = TypeVar("B")


class MediaType(StrEnum):
    """How Telegram shows a file, by its own names."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file to be uploaded to Telegram."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file in a message."""

    type: MediaType
    file: str | Upload
    """A string is the id of a file that Telegram has already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The contents of one Telegram message."""

    text: str = ""
    """HTML, or plain text if there are entities; the caption if there is media."""
    entities: Sequence[MessageEntity] | None = None
    """The formatting of plain text."""
    media: Media | None = None
    markup: Markup | None = None

    @classmethod
    def of(cls, screen: Screen) -> Self:
        """Return a screen as the contents of a message."""
        return cls(text=screen.text, markup=screen.markup)

    @property
    def html(self) -> str:
        if self.entities is None:
            return self.text
        return html_decoration.unparse(self.text, list(self.entities))


@dataclass(frozen=True, slots=True)
class Send:
    """Send a new message."""

    repeatable: ClassVar = False
    part: Part


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the contents of a sent message; repeating this does no harm."""

    repeatable: ClassVar = True
    message_id: int
    part: Part


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete at most 100 sent messages; repeating this does no harm."""

    repeatable: ClassVar = True
    message_ids: Sequence[int]


Act: TypeAlias = Send | Edit | Delete


class Kind(deliveries.Kind[B], Protocol[B]):
    """A kind of messages: whether one may be sent, its acts, and what follows its end."""

    def acts(self, t: Translator, brief: B) -> Sequence[Act]:
        """Return the acts of the message, in the language of its reader.

        They are carried out in this order. The outbox counts the finished ones, so their number
        and order must not change while the message is under way.
        """
