"""What a screen shows: a card, a page of a list, and where a page lies."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from db.models.bookings import Booking, BookingAction, BookingStatus, Change
from db.models.filters import Edge, Filter, FilterField
from db.models.found import Found
from db.models.messages import Attempt, Message, MessageState, Reason

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything an admin sees about one booking."""

    booking: Booking
    decision: Change | None
    """The newest change, if there was any since the desk arrived."""
    messages: Sequence[Message]
    """What the student was or will be sent, the newest first."""
    actions: Set[BookingAction]
    """What may be done with it now."""
    undo_until: datetime | None
    """While UNDO is among the actions."""
    duplicates: Sequence[int] = ()
    """Other bookings of the person for the course that are not cancelled, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of a list, named so that rows coming and going cannot move it.

    `at` and `id` are the sort key of the row the page is reckoned from; both are None
    exactly for the first and the last page. What was looked for is in the order of the numbers
    alone, so there `at` is always None.
    """

    status: BookingStatus | None
    """None: bookings of every status."""
    edge: Edge = Edge.FIRST
    at: datetime | None = None
    id: int | None = None
    view: int | None = None
    """The number of what was looked for; None for a list of a status."""

    @property
    def newest_first(self) -> bool:
        """Decided lists are read from the newest; whoever waits longest comes first."""
        return self.status not in {BookingStatus.NEW, BookingStatus.PENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One screenful of a longer list."""

    items: Sequence[T]
    place: Place
    """Where this page lies now: its first row and edge FROM, or FIRST for an empty list."""
    number: int
    """Counted from 1."""
    last: int
    """The number of the last page, as seen from this one; at least 1."""
    previous: Place | None
    """Where the page before this one lies; None on the first."""
    next: Place | None
    """Where the page behind this one lies; None on the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingList:
    """A page of bookings and what its tabs say."""

    page: Page[Booking]
    counts: Mapping[BookingStatus | None, int]
    """Bookings of each status; under None, all of them, unknown ones included."""
    found: Found | None = None
    """In a list of what was looked for, which has no tabs."""
    filtered: Filter | None = None
    """In a list by filters, which has no tabs either."""
    names: Mapping[FilterField, str] = field(default_factory=dict)
    """What the school calls the filters' course and stream, where it has a name for them."""
    total: int = 0
    """Bookings in a list by filters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePlace:
    """A page of the messages that share a state and a reason, the newest first.

    `id` is that of the message the page is reckoned from; None exactly for the first and
    the last page.
    """

    state: MessageState
    reason: Reason | None
    edge: Edge = Edge.FIRST
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A message and the booking it is about; None when that is gone."""

    message: Message
    booking: Booking | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageList:
    """A page of the messages that share a state and a reason."""

    place: MessagePlace
    items: Sequence[MessageRow]
    number: int
    """Of this page, counted from 1."""
    last: int
    """Number of the last page."""
    total: int
    """Messages in the group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCard:
    """Everything an admin sees about one message."""

    message: Message
    booking: Booking | None
    attempts: Sequence[Attempt]
    """The newest first."""
    moves: Set[MessageState]
    """What an admin may make of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """How delivery is doing."""

    server_version: str
    """PostgreSQL's."""
    size: int
    """Messages that are due and have not ended."""
    oldest: datetime | None
    """Since when the longest due of them has been due; None when there is none."""
    paused_until: datetime | None
    """While Telegram wants nothing to be sent."""
    last_error: Attempt | None
