"""The payloads of the lists of bookings, and of links to a list."""

from contextlib import suppress
from functools import lru_cache
from typing import Final

from bot.views.lists import BulkOrigin, LogOrigin, MessageOrigin, Origin, Place, SavedQuery, Tab
from db.models.bookings import EPOCH
from db.models.lists import START, Cursor, Edge
from keyboards.payloads.base import Payload, defaults, joined
from keyboards.payloads.wire import (
    MICROSECOND,
    BookingId,
    EdgeName,
    Microseconds,
    TabName,
    base36,
    list_of,
    place_of,
    saved_of,
    tab_of,
)

_LINK: Final = "v_"


class ListButton(Payload, prefix="l1"):
    """Show one page of a list of bookings; the fields are those of `Origin`."""

    tab: TabName
    edge: EdgeName = Edge.FIRST
    at: Microseconds | None = None
    """Since 1970; None if the list is a saved query."""
    row: BookingId | None = None

    @classmethod
    def of(cls, origin: Place, **fields: object) -> str:
        """Return the payload that remembers `origin` and has these further fields."""
        return joined(cls.__prefix__ + _written(origin), defaults(cls, ListButton) | fields)

    @property
    def origin(self) -> Origin:
        at = None if self.at is None else EPOCH + self.at * MICROSECOND
        return Origin(list_of(self.tab), Cursor(self.edge, self.row, at))


@lru_cache(maxsize=256)
def _written(origin: Place) -> str:
    """Return the fields of `origin` behind the prefix; half of a list's buttons share them."""
    if isinstance(origin, MessageOrigin):
        return joined("", {"tab": place_of(origin), "edge": START.edge, "at": None, "row": None})
    if isinstance(origin, BulkOrigin):
        row = origin.offset or None
        return joined("", {"tab": place_of(origin), "edge": START.edge, "at": None, "row": row})
    if isinstance(origin, LogOrigin):
        edge, row, _ = origin.cursor
        return joined("", {"tab": place_of(origin), "edge": edge, "at": None, "row": row})
    key, (edge, row, at) = origin
    since = (at - EPOCH) // MICROSECOND if at is not None and isinstance(key, Tab) else None
    return joined("", {"tab": tab_of(key), "edge": edge, "at": since, "row": row})


def link_payload(key: SavedQuery) -> str:
    """Return what follows `?start=` in a link that opens the list."""
    return f"{_LINK}{base36(key.number)}"


def linked_list(payload: str) -> SavedQuery | None:
    """Return the list that a link opens, or None if the payload does not name one."""
    with suppress(ValueError):
        return SavedQuery(saved_of(payload.removeprefix(_LINK)))
    return None
