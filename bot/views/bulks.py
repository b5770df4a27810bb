"""One decision for many bookings, as admins see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.views.lists import ListKey, SavedQuery, Tab
from db.models.audit import Change
from db.models.bookings import Booking
from db.models.bulks import Bulk
from db.models.filters import Filter, FilterField
from db.models.streams import Stream


class BulkStep(StrEnum):
    """What an admin does with a bulk."""

    BEGIN = "begin"
    SHOW = "show"
    HALT = "halt"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChoice:
    """What can be done with a whole list."""

    key: ListKey
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
    left: Sequence[int]
    """The first of the bookings that were left alone."""
    bookings: Mapping[int, Booking]
    """Those of them that there are still."""
    changes: Mapping[int, Change]
    """Who changed them last."""

    @property
    def key(self) -> ListKey:
        """The list; a filter of a status alone is that of its tab."""
        of_tab = Filter(zone=self.filter.zone, status=self.filter.status)
        if self.filter == of_tab:
            return Tab(self.filter.status)
        return SavedQuery(self.bulk.query)
