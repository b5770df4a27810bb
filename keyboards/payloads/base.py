"""The base class of payloads."""

from collections.abc import Mapping
from functools import cache

from aiogram.filters.callback_data import CallbackData

from keyboards.payloads.wire import written


@cache
def defaults(kind: type["Payload"], parent: type["Payload"]) -> dict[str, object]:
    """Return the fields that `kind` adds to those of `parent`, with their default values."""
    fields = list(kind.model_fields.items())[len(parent.model_fields) :]
    return {name: field.default for name, field in fields}


def joined(prefix: str, fields: Mapping[str, object]) -> str:
    return ":".join([prefix, *map(written, fields.values())])


class Payload(CallbackData, prefix="-"):
    """The payload of a button. It is validated when it is read, not when it is written."""

    @classmethod
    def of_fields(cls, **fields: object) -> str:
        """Return the payload with these fields and the defaults of the others.

        It makes no model, because that is slower and a list has many buttons.
        """
        return joined(cls.__prefix__, defaults(cls, Payload) | fields)

    def pack(self) -> str:
        return self.of_fields(**dict(self))
