"""JSON from Telegram, without what neither PostgreSQL nor Telegram takes back."""

import json
import re
from typing import Final

import orjson

_LARGEST: Final = 2**63 - 1
_NUL: Final = b"\\u0000"
_LONG_NUMBER: Final = re.compile(rb"[:\[,]\s*-?[0-9]{19}")
"""A number with so many digits may be larger than PostgreSQL's bigint."""


def load(content: bytes | str) -> object:
    """Return what the JSON says.

    Half a character and bytes that are no UTF-8 become U+FFFD, NUL is left out, and a number that
    fits no bigint is None.

    Raises:
        ValueError: it is no JSON.
    """
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    try:
        loaded = orjson.loads(content)
    except orjson.JSONDecodeError:
        return _clean(_load_leniently(content))
    if _NUL in content or _LONG_NUMBER.search(content):
        return _clean(loaded)
    return loaded


def _load_leniently(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8", "replace"), strict=False)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _clean(value: object) -> object:
    match value:
        case str():
            whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return whole.replace("\0", "")
        case int() | float() if not -_LARGEST <= value <= _LARGEST:
            return None
        case list():
            return [_clean(each) for each in value]
        case dict():
            return {_clean(key): _clean(each) for key, each in value.items()}
    return value
