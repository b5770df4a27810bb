"""Entities while they are worked on, and text in which their offsets can be used as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiogram.types import MessageEntity

FORMATTING: Final = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES: Final = frozenset({"blockquote", "expandable_blockquote"})
CODE: Final = frozenset({"code", "pre"})
# Where two entities cover the same text, the one with the lower number comes first.
_ORDER: Final = {
    "blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "text_link": 49,
    "text_mention": 49, "bold": 90, "italic": 91, "underline": 92, "strikethrough": 93,
    "spoiler": 94, "custom_emoji": 99,
}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """An entity from `start` up to `end`, in UTF-16 code units."""

    type: str
    start: int
    end: int
    details: Mapping[str, Any] = field(default_factory=dict)

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def entity(self) -> MessageEntity:
        return MessageEntity(
            type=self.type, offset=self.start, length=self.end - self.start, **self.details
        )

    @classmethod
    def of(cls, entity: MessageEntity) -> "Span":
        details = entity.model_dump(exclude_none=True, exclude={"type", "offset", "length"})
        return cls(entity.type, entity.offset, entity.offset + entity.length, details)


def position(span: Span) -> tuple[int, int, int]:
    """Sort key of Telegram's order: by start, the longer first."""
    return span.start, -span.end, _ORDER.get(span.type, 50)


def to_units(text: str) -> str:
    """Return the text with one character per UTF-16 code unit."""
    if text.isascii():
        return text
    raw = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    return "".join(map(chr, raw))


def is_unicode(units: str) -> bool:
    """Return whether all surrogates are in pairs, so that the code units make up a text."""
    try:
        from_units(units)
    except UnicodeDecodeError:
        return False
    return True


def from_units(units: str) -> str:
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def splits(units: str, offset: int) -> bool:
    """Return whether an offset is between the two halves of a character."""
    return 0 < offset < len(units) and "\udc00" <= units[offset] <= "\udfff"


def byte_offset(units: str, offset: int) -> int:
    """Return where in UTF-8 an offset in code units is; half a character counts as three bytes."""
    raw = units[:offset].encode("utf-16-le", "surrogatepass")
    return len(raw.decode("utf-16-le", "replace").encode())
