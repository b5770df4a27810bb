"""A review: an admin's way through the bookings of a list that wait."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from bot.views.bookings import LATER, Card
from bot.views.lists import BookingList, ListKey, Tab, status_in
from db.models.bookings import Booking, BookingAction, BookingStatus

WAITING = Tab(BookingStatus.PENDING)


class Round(NamedTuple):
    """One review."""

    list: ListKey
    began_at: datetime
    """In whole seconds."""


class Step(StrEnum):
    """Which booking comes next, seen from the one on the screen."""

    NEXT = "next"
    PREVIOUS = "previous"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that can be undone still."""

    booking: Booking
    undo_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard:
    """The booking to decide now."""

    round: Round
    card: Card
    waiting: int
    """The number of bookings that wait in the list, this one included."""
    decided: Sequence[Decided]
    """The newest decision of the admin, if it can be undone."""

    @property
    def true_until(self) -> datetime | None:
        """When the screen stops being true by itself; None if only a change does that."""
        return _first_end([self.card.undo_until, *(each.undo_until for each in self.decided)])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEnd:
    """Nothing waits behind."""

    round: Round
    waiting: int
    """The number of bookings that wait still: put off, or claimed by others."""
    tally: Mapping[BookingAction, int]
    """The number of bookings that were confirmed, cancelled and moved since the review began."""
    decided: Sequence[Decided]
    """Newest first."""

    @property
    def true_until(self) -> datetime | None:
        """When the screen stops being true by itself; None if never."""
        return _first_end([each.undo_until for each in self.decided])


Review: TypeAlias = ReviewCard | ReviewEnd


def _first_end(ends: Iterable[datetime | None]) -> datetime | None:
    """Return when the first of the undos is certainly over."""
    return min((end + LATER for end in ends if end is not None), default=None)


def reviewable(bookings: BookingList) -> bool:
    """Whether the list has only bookings that wait for a decision."""
    return waits(status_in(bookings))


def waits(status: BookingStatus | None) -> bool:
    return status in {BookingStatus.NEW, BookingStatus.PENDING}
