"""Telegram's objects as JSON has them."""

from pydantic import BaseModel


def wire(value: object) -> object:
    """Return a value made of what JSON knows; a field that is None is not there."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if isinstance(value, list):
        return [wire(item) for item in value]
    return value
