"""What all payloads share."""

from collections.abc import Mapping
from functools import cache

from aiogram.filters.callback_data import CallbackData

from keyboards.payloads.wire import written


@cache
def defaults(kind: type["Payload"], parent: type["Payload"]) -> dict[str, object]:
    """Return the fields that a payload has behind its parent's, each as it is by default."""
    fields = list(kind.model_fields.items())[len(parent.model_fields) :]
    return {name: field.default for name, field in fields}


def joined(beginning: str, fields: Mapping[str, object]) -> str:
    return ":".join([beginning, *map(written, fields.values())])


class Payload(CallbackData, prefix="-"):
    """What a button says: written without a check, for it is ours, and checked when it is read."""

    @classmethod
    def of_fields(cls, **fields: object) -> str:
        """Return the payload with these fields, and the others as they are by default.

        A model made to be packed takes more than twice as long, for each of a list's buttons.
        """
        return joined(cls.__prefix__, defaults(cls, Payload) | fields)

    def pack(self) -> str:
        return self.of_fields(**dict(self))
