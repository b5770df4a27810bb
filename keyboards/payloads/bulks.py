"""The payloads of the buttons of bulks."""

from bot.views.lists import BulkOrigin
from keyboards.payloads.base import Payload
from keyboards.payloads.lists import ListButton
from keyboards.payloads.wire import (
    BulkActionName,
    BulkId,
    BulkPartName,
    BulkStepName,
    Days,
    Offset,
    StreamId,
)


class BulkChoiceButton(ListButton, prefix="u4"):
    """Ask what to do with all bookings of a list, one of whose pages this is."""


class RehearseButton(BulkChoiceButton, prefix="u5"):
    """Look what an action would do to all bookings of a list."""

    action: BulkActionName
    stream: StreamId | None = None
    """Where MOVE takes them."""
    older: Days | None = None
    """Leave out what is not older than so many days."""


class BulkButton(Payload, prefix="u2"):
    """Begin, show, stop or undo a bulk."""

    bulk: BulkId
    step: BulkStepName


class BulkPageButton(Payload, prefix="u3"):
    """Show bookings of a bulk."""

    bulk: BulkId
    part: BulkPartName
    offset: Offset = 0

    @classmethod
    def of(cls, origin: BulkOrigin) -> str:
        return cls.of_fields(bulk=origin.bulk, part=origin.part, offset=origin.offset)

    @property
    def origin(self) -> BulkOrigin:
        return BulkOrigin(self.bulk, self.part, self.offset)
