"""The payloads of adding bookings."""

from keyboards.payloads.base import Payload
from keyboards.payloads.wire import BookingId, Choice, DraftFieldName, DraftId, Offset, Revision


class AddButton(Payload, prefix="a0"):
    """Begin to add a booking by hand."""


class DraftButton(Payload, prefix="a1"):
    """Ask for a field of a draft, from choice number `offset` on; without one, what is missing."""

    draft: DraftId
    field: DraftFieldName | None = None
    offset: Offset = 0


class DraftChoiceButton(Payload, prefix="a2"):
    """Choose a person, a course or a stream by number, or a status by its code."""

    draft: DraftId
    field: DraftFieldName
    value: Choice


class PickPersonButton(Payload, prefix="a3"):
    """Let Telegram show the admin's people, to choose one for the draft."""

    draft: DraftId


class DropDraftButton(Payload, prefix="a4"):
    """Drop a draft."""

    draft: DraftId


class AddDraftButton(Payload, prefix="a5"):
    """Add the booking of the draft at this revision."""

    draft: DraftId
    revision: Revision
    known: BookingId = 0
    """The person's newest active booking of the course that the admin saw; 0 if there was none."""


class UndoAddingButton(Payload, prefix="a6"):
    """Delete a booking that was added, if it still has this revision."""

    booking: BookingId
    revision: Revision
