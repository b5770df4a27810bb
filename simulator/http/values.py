"""One parameter of a call, from the text that was sent to what it means."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from aiogram.enums import UpdateType
from aiogram.types import InputFile

from simulator.errors import bad_request
from simulator.http.wire import read_json

#: Takes a parameter's name, what was sent, and whether to be strict; None is nothing.
Reader = Callable[[str, object, bool], object]

_TRUE: Final = {"true", "yes", "1"}
_INTEGER: Final = re.compile(r"(-?)([0-9]*)")
_UPDATES: Final = frozenset(kind.value for kind in UpdateType)
#: What Telegram calls the parameters that are JSON, where it does not call them by name.
_CALLED: Final = {
    "reply_markup": "reply keyboard markup",
    "link_preview_options": "link preview options",
    "reply_parameters": "reply parameters",
    "media": "input media",
    "results": "inline query results",
}
_OBJECTS: Final = {
    "reply_markup": "object expected as reply markup",
    "link_preview_options": "object expected as link preview options",
    "reply_parameters": "object expected as reply parameters",
    "media": "can't parse InputMedia: expected an Object",
    "scope": "can't parse BotCommandScope: expected an Object",
}


_LISTS: Final = {
    "results": "expected an Array of inline query results",
    "commands": "expected an Array of BotCommand",
}


def kinds(annotation: object) -> Iterator[object]:
    """Yield what a parameter can be; a list is one thing, whatever is in it."""
    if get_origin(annotation) in {Union, UnionType, Annotated}:
        for argument in get_args(annotation):
            yield from kinds(argument)
    else:
        yield get_origin(annotation) or annotation


def reader(name: str, annotation: object) -> Reader:
    """Return how to read a parameter of this name that can be this."""
    possible = set(kinds(annotation))
    if name in _READERS:
        return _READERS[name]
    if {int, str} <= possible:
        return _chat
    if InputFile in possible:
        return _file
    return next((read for kind, read in _BY_KIND if kind in possible), _object)


def to_integer(text: str, bits: int) -> int:
    """Return the number a text begins with, wrapped as in memory of so many bits; 0 if none."""
    match = _INTEGER.match(text)
    sign, digits = match.groups() if match else ("", "")
    number = 0
    for digit in digits:
        number = (number * 10 + int(digit)) % (1 << bits)
    number = -number if sign else number
    half = 1 << (bits - 1)
    return (number + half) % (2 * half) - half


def as_text(value: object) -> str:
    """Return a value as it stands in a request that carries text alone."""
    return value if isinstance(value, str) else json.dumps(value)


def _flag(_: str, value: object, __: bool) -> bool | None:
    text = as_text(value)
    return text.lower() in _TRUE if text else None


def _number(name: str, value: object, strict: bool) -> int | None:
    text = as_text(value)
    if strict and text and (text == "-" or not _INTEGER.fullmatch(text)):
        raise bad_request(f"can't parse {name}: {text[:20]} is not a number")
    bits = 64 if name.endswith("user_id") else 32
    return to_integer(text, bits) if text else None


def _chat(_: str, value: object, __: bool) -> int | str | None:
    """Return an id, or the username of a public chat."""
    text = as_text(value)
    if not text or text.startswith("@"):
        return text or None
    return to_integer(text, 64)


def _text(_: str, value: object, __: bool) -> str:
    return as_text(value)


def _file(_: str, value: object, __: bool) -> str | None:
    """Return a file's id, its address, or the name of the part it is in."""
    return as_text(value).strip() or None


def _object(name: str, value: object, _: bool) -> object:
    """Return what JSON says.

    Raises:
        ApiError: it says nothing, or something of another kind.
    """
    if value == "":
        return None
    found = _json(name, value)
    if name in _OBJECTS and not isinstance(found, dict):
        raise bad_request(_OBJECTS[name])
    if name in _LISTS and not isinstance(found, list):
        raise bad_request(_LISTS[name])
    return found


def _json(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return read_json(value)
    except ValueError:
        raise bad_request(f"can't parse {_CALLED.get(name, name)} JSON object") from None


def _entities(_: str, value: object, __: bool) -> list[Any] | None:
    """Return entities; what is no list of them is nothing, and not told."""
    return _list(value)


def _update_kinds(_: str, value: object, __: bool) -> list[str] | None:
    """Return the kinds of updates that exist; what is no list of them is nothing."""
    named = _list(value)
    return None if named is None else [kind for kind in map(as_text, named) if kind in _UPDATES]


def _list(value: object) -> list[Any] | None:
    try:
        found = read_json(value) if isinstance(value, str) else value
    except ValueError:
        return None
    return found if isinstance(found, list) else None


def _message_ids(name: str, value: object, _: bool) -> list[int] | None:
    if value == "":
        return None
    found = _json(name, value)
    if not isinstance(found, list):
        raise bad_request("expected an Array of message identifiers")
    if len(found) > 100:
        raise bad_request("too many message identifiers specified")
    return [_message_id(item) for item in found]


def _message_id(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise bad_request("message identifier must be a Number")
    text = str(value)
    if not text.removeprefix("-").isdecimal() or len(text) > 10:
        raise bad_request("can't parse message identifier as Number")
    if int(text) <= 0:
        raise bad_request("invalid message identifier specified")
    return int(text)


_READERS: Final[Mapping[str, Reader]] = {
    "entities": _entities,
    "caption_entities": _entities,
    "allowed_updates": _update_kinds,
    "message_ids": _message_ids,
}
_BY_KIND: Final[tuple[tuple[object, Reader], ...]] = ((bool, _flag), (int, _number), (str, _text))
