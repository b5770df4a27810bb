"""HTML as Telegram's parser reads it, which is not how browsers do.

Reference: https://core.telegram.org/bots/api#html-style. Offsets in complaints are counted in
bytes of UTF-8, as Telegram counts them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NoReturn
from urllib.parse import parse_qs, urlsplit

from aiogram.types import User

from simulator.errors import bad_request
from simulator.text.spans import Span, byte_offset, from_units, is_unicode, to_units

_TYPES: Final = {
    "b": "bold", "strong": "bold",
    "i": "italic", "em": "italic",
    "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "span": "spoiler", "tg-spoiler": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE: Final = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_TAG_NAME: Final = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME: Final = re.compile(r"""\s*([^\s=>/"']*)\s*""")
_SPACE: Final = re.compile(r"\s*")
_TOKEN: Final = re.compile(r"[a-zA-Z0-9.-]*")


def parse_html(source: str) -> tuple[str, list[Span]]:
    """Return the text without tags, in code units, and its spans, those that end first first.

    Raises:
        ApiError: the tags are not ones Telegram knows, or not in order.
    """
    return _Parser(to_units(source)).parse()


@dataclass(frozen=True)
class _Open:
    """A tag that waits for its end."""

    name: str
    attributes: Mapping[str, str]
    start: int


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._text = ""
        self._open: list[_Open] = []
        self._spans: list[Span] = []

    def parse(self) -> tuple[str, list[Span]]:
        position = 0
        while (tag := self._source.find("<", position)) >= 0:
            self._text += _unescape(self._source[position:tag])
            position = self._end_tag(tag) if self._at(tag + 1) == "/" else self._start_tag(tag)
        self._text += _unescape(self._source[position:])
        if self._open:
            self._refuse(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        if not is_unicode(self._text):
            self._refuse(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        return self._text, [_bare(span) for span in self._spans]

    def _start_tag(self, tag: int) -> int:
        match = _match(_TAG_NAME, self._source, tag + 1)
        name = match[0].lower()
        if match.end() == len(self._source):
            self._refuse("Unclosed start tag", tag)
        if name not in _TYPES:
            self._refuse(f'Unsupported start tag "{name}"', tag)
        attributes, end = self._attributes(name, tag, match.end())
        if name == "span" and attributes.get("class") != "tg-spoiler":
            self._refuse('Tag "span" must have class "tg-spoiler"', tag)
        self._open.append(_Open(name, attributes, len(self._text)))
        return end

    def _attributes(self, tag_name: str, tag: int, position: int) -> tuple[dict[str, str], int]:
        attributes: dict[str, str] = {}
        while True:
            match = _match(_ATTRIBUTE_NAME, self._source, position)
            position = match.end()
            if not match[1] and self._at(position) == ">":
                return attributes, position + 1
            if self._at(position) == "":
                self._refuse(f'Unclosed start tag "{tag_name}"', tag)
            if not match[1]:
                self._refuse(f'Empty attribute name in the tag "{tag_name}"', tag)
            value = ""
            if self._at(position) == "=":
                value, position = self._value(tag, position + 1)
            attributes[match[1].lower()] = value

    def _value(self, tag: int, position: int) -> tuple[str, int]:
        start = _match(_SPACE, self._source, position).end()
        quote = self._at(start)
        if quote and quote in "\"'":
            end = self._source.find(quote, start + 1)
            if end < 0 or end + 1 == len(self._source):
                self._refuse("Unclosed start tag", tag)
            return _unescape(self._source[start + 1 : end]), end + 1
        token = _match(_TOKEN, self._source, start)
        if self._at(token.end()) not in {">", " ", "\n", "\t"}:
            self._refuse("Unexpected end of name token", start)
        return token[0].lower(), token.end()

    def _end_tag(self, tag: int) -> int:
        if not self._open:
            self._refuse("Unexpected end tag", tag)
        match = _match(_TAG_NAME, self._source, tag + 2)
        end = _match(_SPACE, self._source, match.end()).end()
        if self._at(end) != ">":
            self._refuse("Unclosed end tag", tag)
        opened, name = self._open.pop(), match[0].lower()
        if name and name != opened.name:
            self._refuse(
                f"Unmatched end tag at byte offset {self._bytes(tag)}, "
                f'expected "</{opened.name}>", found "</{name}>"'
            )
        if len(self._text) > opened.start:
            self._close(opened)
        return end + 1

    def _close(self, tag: _Open) -> None:
        """Add what the tag means; `<pre><code class="language-x">` is one entity."""
        last = self._spans[-1] if self._spans else None
        span = self._span(tag)
        if span is None:
            return
        same = last and (last.start, last.end) == (span.start, span.end)
        if last and same and {last.type, span.type} == {"pre", "code"}:
            language = last.details.get("language") or span.details.get("language")
            if language:
                self._spans[-1] = Span("pre", span.start, span.end, {"language": language})
                return
        self._spans.append(span)

    def _span(self, tag: _Open) -> Span | None:
        kind, details = _TYPES[tag.name], _details(tag, self._text)
        if details is None:
            return None
        if "user" in details:
            kind = "text_mention"
        elif kind == "blockquote" and "expandable" in tag.attributes:
            kind = "expandable_blockquote"
        return Span(kind, tag.start, len(self._text), details)

    def _at(self, position: int) -> str:
        return self._source[position : position + 1]

    def _bytes(self, position: int) -> int:
        return byte_offset(self._source, position)

    def _refuse(self, complaint: str, position: int | None = None) -> NoReturn:
        where = "" if position is None else f" at byte offset {self._bytes(position)}"
        raise bad_request(f"can't parse entities: {complaint}{where}")


def _bare(span: Span) -> Span:
    """Take the language off code: only a whole block of it keeps one."""
    return replace(span, details={}) if span.type == "code" else span


def _match(pattern: re.Pattern[str], source: str, position: int) -> re.Match[str]:
    """Match a pattern that may be empty, and so always matches."""
    match = pattern.match(source, position)
    if match is None:
        raise AssertionError(pattern)
    return match


def _details(tag: _Open, text: str) -> dict[str, Any] | None:
    """Return what the entity says beyond its type, None when it is no entity at all."""
    match tag.name:
        case "a":
            return _link(from_units(tag.attributes.get("href") or text[tag.start :]))
        case "code":
            return _language(tag.attributes.get("class", ""))
        case "tg-emoji":
            return {"custom_emoji_id": _custom_emoji(tag.attributes.get("emoji-id", ""))}
        case "tg-time":
            return _date_time(tag.attributes)
    return {}


def _language(name: str) -> dict[str, Any]:
    language = name.removeprefix("language-")
    return {"language": language} if language and language != name else {}


def _link(url: str) -> dict[str, Any] | None:
    """Return a link's target, or None: text that links to nowhere stays plain."""
    try:
        parts = urlsplit(url if "://" in url or url.startswith("tg:") else f"http://{url}")
    except ValueError:
        return None
    if parts.scheme == "tg":
        user_id = parse_qs(parts.query).get("id", [""])[0]
        if parts.netloc == "user" and user_id.isdecimal():
            return {"user": User(id=int(user_id), is_bot=False, first_name="")}
        return {"url": url}
    if parts.scheme not in {"http", "https", "ton", "tonsite"} or "." not in parts.netloc:
        return None
    return {"url": parts._replace(path=parts.path or "/").geturl()}


def _custom_emoji(identifier: str) -> str:
    if not identifier.isdecimal() or not int(identifier):
        raise bad_request("can't parse entities: Invalid custom emoji identifier specified")
    return identifier


def _date_time(attributes: Mapping[str, str]) -> dict[str, Any]:
    unix = attributes.get("unix", "")
    if not unix.isdecimal():
        raise bad_request("can't parse entities: Invalid Unix time specified")
    shape = attributes.get("format")
    return {"unix_time": int(unix)} | ({"date_time_format": shape} if shape else {})


def _unescape(source: str) -> str:
    return _REFERENCE.sub(_character, source) if "&" in source else source


def _character(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED.get(name, match[0])
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return to_units(chr(code)) if 0 < code < 0x10FFFF else match[0]
