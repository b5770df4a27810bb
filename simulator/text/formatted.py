"""From what a sender wrote to what Telegram stores: cleaned, trimmed, entities in order."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from aiogram.types import MessageEntity

from simulator.errors import ApiError, bad_request
from simulator.text.detection import detect
from simulator.text.html import parse_html
from simulator.text.spans import (
    CODE,
    FORMATTING,
    QUOTES,
    Span,
    byte_offset,
    from_units,
    is_unicode,
    position,
    splits,
    to_units,
)

_TO_SPACE: Final = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_TO_NOTHING: Final = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANK: Final = " \n"
_MOST_BYTES: Final = 2**15
_FARTHEST: Final = 1_000_000
#: What a sender can mark.
_MARKED: Final = FORMATTING | QUOTES | CODE | {
    "text_link", "text_mention", "custom_emoji", "date_time",
}  # fmt: skip
#: What Telegram finds by itself, whatever a sender says of it.
_FOUND: Final = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number",
    "bank_card_number",
}  # fmt: skip
#: What an entity cannot be without.
_NEEDED: Final = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}


@dataclass(frozen=True)
class FormattedText:
    """Text of a message or a caption."""

    text: str
    entities: list[MessageEntity]

    @property
    def length(self) -> int:
        """In characters: Telegram's limits are in them, its offsets in UTF-16 code units."""
        return len(self.text)


def format_text(
    source: str, *, parse_mode: str | None, entities: Sequence[MessageEntity] | None
) -> FormattedText:
    """Return the text as Telegram stores it.

    Raises:
        ApiError: the markup is broken, or an entity is not inside the text.
    """
    if len(source) > _MOST_BYTES // 4 and len(source.encode("utf-8", "replace")) > _MOST_BYTES:
        raise bad_request("text is too long")
    if not is_unicode(to_units(source)):
        raise bad_request("strings must be encoded in UTF-8")
    units, spans = _parse(source, parse_mode, entities or ())
    units, spans = _clean(units, spans)
    arranged = _arrange(_shrink(units, spans))
    # What code leaves of the bold words around it may be blank.
    units, spans = _trim(units, _shrink(units, arranged))
    solid = [span for span in spans if span.type not in FORMATTING | QUOTES]
    found = [one for one in detect(units) if not any(map(one.overlaps, solid))]
    return FormattedText(
        from_units(units), [span.entity() for span in sorted(spans + found, key=position)]
    )


def _parse(
    source: str, parse_mode: str | None, entities: Sequence[MessageEntity]
) -> tuple[str, list[Span]]:
    match (parse_mode or "").lower():
        case "html":
            return parse_html(source)
        case "markdown" | "markdownv2":
            raise ApiError(501, "Not Implemented: the simulator reads no Markdown")
        case "":
            units = to_units(source)
            marked = filter(_is_marked, entities)
            spans = [Span.of(entity) for entity in marked if _has_length(entity)]
            for span in sorted(spans, key=position):
                _check_inside(span, units)
            return units, spans
    raise bad_request("unsupported parse_mode")


def _is_marked(entity: MessageEntity) -> bool:
    """Return whether a sender can mark text in this way.

    Raises:
        ApiError: nobody can.
    """
    if entity.type in _FOUND:
        return False
    if entity.type not in _MARKED:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    needed = _NEEDED.get(entity.type)
    if needed and getattr(entity, needed) is None:
        raise bad_request(f"can't parse MessageEntity: Can't find field \"{needed}\"")
    return True


def _has_length(entity: MessageEntity) -> bool:
    if not 0 <= entity.offset <= _FARTHEST:
        raise bad_request(f"receive an entity with incorrect offset {entity.offset}")
    if not 0 <= entity.length <= _FARTHEST:
        raise bad_request(f"receive an entity with incorrect length {entity.length}")
    return entity.length > 0


def _check_inside(span: Span, units: str) -> None:
    if span.start > len(units):
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {span.start}")
    if splits(units, span.start):
        raise bad_request(
            f"entity begins in a middle of a UTF-16 symbol at byte offset "
            f"{byte_offset(units, span.start + 1)}"
        )
    beginning = f"entity beginning at UTF-16 offset {span.start}"
    if span.end > len(units):
        raise bad_request(
            f"{beginning} ends after the end of the text at UTF-16 offset {span.end}"
        )
    if splits(units, span.end):
        raise bad_request(
            f"{beginning} ends in a middle of a UTF-16 symbol at byte offset "
            f"{byte_offset(units, span.end + 1)}"
        )


def _clean(units: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Replace control characters, and drop those that Telegram does not keep."""
    units = _TO_SPACE.sub(" ", units)
    dropped = [match.start() for match in _TO_NOTHING.finditer(units)]
    if not dropped:
        return units, spans
    return _TO_NOTHING.sub("", units), [
        replace(
            span,
            start=span.start - bisect_left(dropped, span.start),
            end=span.end - bisect_left(dropped, span.end),
        )
        for span in spans
    ]


def _shrink(units: str, spans: Iterable[Span]) -> list[Span]:
    """Start each span at something visible; drop those that show nothing."""
    shrunk = []
    for span in spans:
        inside = units[span.start : span.end]
        if inside.strip(_BLANK):
            blank = len(inside) - len(inside.lstrip(_BLANK))
            shrunk.append(replace(span, start=span.start + blank))
    return shrunk


def _arrange(spans: list[Span]) -> list[Span]:
    """Return spans that nest: no link in a link, nothing in code, formatting joined."""
    solid: list[Span] = []
    for span in sorted((one for one in spans if one.type not in FORMATTING), key=position):
        if not any(_clash(other, span) for other in solid):
            solid.append(span)
    code = [span for span in solid if span.type in CODE]
    formatting = [
        part
        for kind in FORMATTING
        for joined in _join([span for span in spans if span.type == kind])
        for part in _outside(joined, code)
    ]
    return sorted(solid + formatting, key=position)


def _clash(first: Span, second: Span) -> bool:
    """Of two overlapping spans only a quote may hold the other, and no other quote."""
    if not first.overlaps(second):
        return False
    return first.type not in QUOTES or second.type in QUOTES or second.end > first.end


def _join(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=position):
        if joined and span.start <= joined[-1].end:
            joined[-1] = replace(joined[-1], end=max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _outside(span: Span, holes: Sequence[Span]) -> list[Span]:
    """Return the parts of a span that lie in none of the holes."""
    inside = [hole for hole in holes if hole.overlaps(span)]
    edges = [span.start, *(edge for hole in inside for edge in (hole.start, hole.end)), span.end]
    return [
        replace(span, start=start, end=end)
        for start, end in list(pairwise(edges))[::2]
        if start < end
    ]


def _trim(units: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Cut blank ends, but never into an entity at the beginning."""
    text = units.rstrip(_BLANK)
    spans = [replace(span, end=min(span.end, len(text))) for span in spans]
    first = min((span.start for span in spans), default=len(text))
    blank = min(first, len(text) - len(text.lstrip(_BLANK)))
    return text[blank:], [
        replace(span, start=span.start - blank, end=span.end - blank) for span in spans
    ]
