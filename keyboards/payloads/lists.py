"""The payloads of the lists of bookings, and of links to a list."""

from contextlib import suppress
from typing import Final

from bot.views.lists import Origin, Place, SavedQuery
from db.models.bookings import EPOCH
from db.models.lists import Cursor, Edge
from keyboards.payloads.base import Payload, defaults, joined
from keyboards.payloads.places import place_fields
from keyboards.payloads.wire import (
    MICROSECOND,
    BookingId,
    EdgeName,
    Microseconds,
    TabName,
    base36,
    list_of,
    saved_of,
)

_LINK: Final = "v_"
BOOKING_LINK: Final = "b_"


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
        head = f"{cls.__prefix__}:{place_fields(origin)}"
        return joined(head, defaults(cls, ListButton) | fields)

    @property
    def cursor(self) -> Cursor:
        at = None if self.at is None else EPOCH + self.at * MICROSECOND
        return Cursor(self.edge, self.row, at)

    @property
    def origin(self) -> Origin:
        return Origin(list_of(self.tab), self.cursor)


def booking_link(booking: int) -> str:
    """Return what follows `?start=` in a link that opens the card of a booking."""
    return f"{BOOKING_LINK}{booking}"


def link_payload(key: SavedQuery) -> str:
    """Return what follows `?start=` in a link that opens the list."""
    return f"{_LINK}{base36(key.number)}"


def linked_list(payload: str) -> SavedQuery | None:
    """Return the list that a link opens, or None if the payload does not name one."""
    with suppress(ValueError):
        return SavedQuery(saved_of(payload.removeprefix(_LINK)))
    return None
