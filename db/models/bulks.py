"""One decision for many bookings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from db.models.audit import Actor
from db.models.bookings import BookingAction
from db.models.lists import Cursor

MOST_IN_BULK: Final = 1000
"""Bookings of one bulk."""


class BulkAction(StrEnum):
    """What a bulk does with each booking."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    MOVE = "move"
    REMIND = "remind"
    """Remind the student; the booking stays as it is."""

    @property
    def decision(self) -> BookingAction:
        """The decision of this name; REMIND is none.

        Raises:
            ValueError: this is REMIND.
        """
        return BookingAction(self)

    @property
    def may_be_quiet(self) -> bool:
        """Whether an admin chooses if the students hear of it."""
        return self in {BulkAction.CANCEL, BulkAction.MOVE}


class BulkState(StrEnum):
    """How far a bulk has come."""

    REHEARSED = "rehearsed"
    """Its bookings are fixed, and nothing has changed."""
    ASKED = "asked"
    """A second admin is asked to approve it."""
    REFUSED = "refused"
    """An admin did not approve it; nothing has changed."""
    RUNNING = "running"
    STOPPED = "stopped"
    """An admin stopped it, or may not decide any more; what is done is done."""
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def works(self) -> bool:
        return self in {BulkState.RUNNING, BulkState.UNDOING}


class ItemResult(StrEnum):
    """What became of one booking of a bulk."""

    DONE = "done"
    CHANGED = "changed"
    """Somebody else had changed or deleted it."""
    REFUSED = "refused"
    """Its status or stream does not allow the action."""
    UNDONE = "undone"
    KEPT = "kept"
    """It could not be undone: somebody else has changed it since."""


class BulkPart(StrEnum):
    """Some of the bookings of a bulk."""

    CONCERNED = "concerned"
    """Those that it changes, has changed, or has taken back."""
    LEFT = "left"
    """Those that stay as they are."""

    @property
    def results(self) -> Collection[ItemResult | None]:
        left = {ItemResult.CHANGED, ItemResult.REFUSED, ItemResult.KEPT}
        return left if self is BulkPart.LEFT else {None, *ItemResult} - left


class BulkItem(NamedTuple):
    """One booking of a bulk."""

    place: int
    booking_id: int
    revision: int
    """The one that the bulk was rehearsed for."""
    revision_after: int | None
    """The one that the bulk has led to."""


class ListPage(NamedTuple):
    """A page of a list."""

    query: int
    """The saved query of the list."""
    cursor: Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """A bulk, and how many of its bookings have each result; None counts those that wait."""

    id: int
    by: Actor
    second: Actor | None
    """Who approved or refused it, if it was asked for."""
    action: BulkAction
    stream_id: int | None
    tell: bool
    """Whether the students hear of it."""
    query: int
    page: Cursor
    """The page of its list that it was asked on."""
    state: BulkState
    chat_id: int | None
    message_id: int | None
    language: str | None
    undo_until: datetime | None
    results: Mapping[ItemResult | None, int]

    @property
    def waiting(self) -> int:
        return self.results.get(None, 0)

    def number(self, *results: ItemResult | None) -> int:
        return sum(self.results.get(result, 0) for result in results)
