"""Adding a booking by hand, as admins see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.views.bookings import Card
from db.models.adding.drafts import Draft, Person
from db.models.bookings import Booking
from db.models.streams import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A booking that is about to be added, and what can be chosen next."""

    draft: Draft
    course: str | None = None
    """The name of the chosen course."""
    stream: str | None = None
    """The name of the chosen stream, if it has one beside its code."""
    candidates: Sequence[Person] = ()
    """Who may be meant by a username that several people have had."""
    courses: Mapping[int, str] = field(default_factory=dict)
    """Names of courses to choose from, by number."""
    streams: Sequence[Stream] = ()
    offset: int = 0
    """How many courses or streams stand before these."""
    more: bool = False
    """Whether others stand behind them."""
    duplicates: Sequence[Booking] = ()
    """The person's active bookings of the same course, newest first."""
    grace: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A booking that has been added; its card's `undo_until` tells until when that can go."""

    card: Card
