"""Telegram's objects as JSON has them."""

import json
from typing import Final, NoReturn

from pydantic import BaseModel

_DEEPEST: Final = 100


def wire(value: object) -> object:
    """Return a value made of what JSON knows; a field that is None is not there."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, list):
        return [wire(item) for item in value]
    return value


def read_json(text: str) -> object:
    """Return what JSON says; a number too long for Python stays text.

    Raises:
        ValueError: it is not JSON, or nested deeper than Telegram reads.
    """
    try:
        value = _load(text)
    except RecursionError:
        raise ValueError("too deep") from None
    if text.count("[") + text.count("{") > _DEEPEST and _is_deep(value, _DEEPEST):
        raise ValueError("too deep")
    return value


def _load(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return json.loads(text, parse_int=str, parse_constant=_refuse)


def _refuse(constant: str) -> NoReturn:
    raise json.JSONDecodeError(f"{constant} is not JSON", constant, 0)


def _is_deep(value: object, left: int) -> bool:
    if isinstance(value, dict):
        return not left or any(_is_deep(item, left - 1) for item in value.values())
    if isinstance(value, list):
        return not left or any(_is_deep(item, left - 1) for item in value)
    return False
