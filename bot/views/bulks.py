"""One decision for many bookings, as admins see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.views.lists import BulkOrigin, Origin, SavedQuery, Tab
from db.models.audit import Change
from db.models.bookings import Booking
from db.models.bulks import Bulk, BulkPart
from db.models.filters import Filter, FilterField
from db.models.lists import START
from db.models.streams import Stream


class BulkStep(StrEnum):
    """What an admin does with a bulk."""

    BEGIN = "begin"
    SHOW = "show"
    HALT = "halt"
    UNDO = "undo"
    APPROVE = "approve"
    REFUSE = "refuse"
    TELL = "tell"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChoice:
    """What can be done with a whole list."""

    origin: Origin
    total: int
    streams: Sequence[Stream]
    """Where all can be moved; none if the list has bookings of several courses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkView:
    """A bulk, and the bookings that it has left alone."""

    bulk: Bulk
    stream: Stream | None
    filter: Filter
    """What its list shows."""
    names: Mapping[FilterField, str]
    """The school's names of the filter's course and stream, as far as it has them."""
    shown: Sequence[int]
    """Bookings of it: on its own screen the first of those that were left alone."""
    bookings: Mapping[int, Booking]
    """Those of them that there are still."""
    changes: Mapping[int, Change]
    """Who changed them last."""

    def count(self, part: BulkPart) -> int:
        return self.bulk.number(*part.results)

    @property
    def origin(self) -> Origin:
        """The page of the list; a filter of a status alone is that of its tab."""
        of_tab = Filter(zone=self.filter.zone, status=self.filter.status)
        if self.filter == of_tab:
            # A page of a saved query does not know the moment of its row.
            knows = self.bulk.page.id is None or self.bulk.page.at is not None
            return Origin(Tab(self.filter.status), self.bulk.page if knows else START)
        return Origin(SavedQuery(self.bulk.query), self.bulk.page._replace(at=None))


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """A page of the bookings of a bulk."""

    view: BulkView
    """With the bookings of this page."""
    origin: BulkOrigin
    previous: int | None
    """The offset of the page before this one; None on the first."""
    following: int | None
    """The offset of the page behind this one; None on the last."""
