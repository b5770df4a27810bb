"""What a message does in its chat, act by act, and what a kind of messages is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol, TypeAlias, TypeVar

from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration

from bot.i18n import Translator
from bot.services.outbox import delivery as deliveries
from keyboards.markup import Markup

B = TypeVar("B")


class MediaType(StrEnum):
    """What Telegram takes a file for, as it names it."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that Telegram does not have yet."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file in a message."""

    type: MediaType
    file: str | Upload
    """A string is the id that Telegram has for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The contents of one Telegram message."""

    text: str = ""
    """HTML, unless there are entities; the caption of media."""
    entities: Sequence[MessageEntity] | None = None
    """How plain text looks, as Telegram has it."""
    media: Media | None = None
    markup: Markup | None = None

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
    """Put other contents in the place of what was sent; twice is as good as once."""

    repeatable: ClassVar = True
    message_id: int
    part: Part


@dataclass(frozen=True, slots=True)
class Delete:
    """Take away what was sent, at most 100 messages; twice is as good as once."""

    repeatable: ClassVar = True
    message_ids: Sequence[int]


Act: TypeAlias = Send | Edit | Delete


class Kind(deliveries.Kind[B], Protocol[B]):
    """A kind of messages: what stands in their way, what they say, what follows their end."""

    def acts(self, t: Translator, brief: B) -> Sequence[Act]:
        """Return what the message does, in the language of its reader.

        Acts are carried out in this order. What is done is counted, so the number of acts before
        one must not change while the message is under way.
        """
