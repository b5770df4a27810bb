"""The wire format of places: where a card was opened, and leads back to.

A name, an edge, a moment and a row say which place it is. The name of a list is that of its tab.
A name in a capital letter means the student's page that was opened there.
"""

from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator

from bot.views.lists import (
    BookingLogOrigin,
    BulkOrigin,
    LogOrigin,
    MessageOrigin,
    Origin,
    Outside,
    PersonOrigin,
    Place,
    ReviewOrigin,
    SavedQuery,
)
from db.models.audit import LogFilter, Period
from db.models.bookings import EPOCH, BookingAction
from db.models.lists import START, Cursor, Edge
from keyboards.payloads.wire import BULK_PARTS, MICROSECOND, base36, list_of, tab_of, written

_LOG: Final = "j"
_BOOKING_LOG: Final = "h"
_MESSAGE: Final = "m"
_REVIEW: Final = "r"
_BULK: Final = "b"
_ANY: Final = "-"
_FIRST: Final = "."
"""It comes before the booking from whose card the student's page was opened."""
_ROOM: Final = 31
"""Characters that the longest button has for a place."""
_PLACE_LETTERS: Final = {
    BookingAction.CONFIRM: "c",
    BookingAction.CANCEL: "x",
    BookingAction.MOVE: "m",
    BookingAction.REOPEN: "r",
    BookingAction.UNDO: "u",
    BookingAction.EXTERNAL: "o",
    BookingAction.DELETE: "d",
    BookingAction.ADD: "a",
    BookingAction.REMIND: "n",
}
_PLACE_ACTIONS: Final = {letter: action for action, letter in _PLACE_LETTERS.items()}
_PERIODS: Final = {period[0]: period for period in Period}


@lru_cache(maxsize=256)
def place_fields(place: Place) -> str:
    """Return the fields of a place as one text; half of a list's buttons share them."""
    name, (edge, row, at) = _named(place)
    since = None if at is None else (at - EPOCH) // MICROSECOND
    rest = ":".join([written(edge), written(since), written(row)])
    if isinstance(place, PersonOrigin) and place.booking is not None:
        longer = f"{name}{_FIRST}{base36(place.booking)}:{rest}"
        if len(longer) <= _ROOM:
            return longer
    return f"{name}:{rest}"


def _named(place: Place) -> tuple[str, Cursor]:
    cursor = START
    match place:
        case PersonOrigin(outside=outside):
            name, cursor = _named(outside)
            name = name[0].upper() + name[1:]
        case ReviewOrigin(list=key, began_at=began_at):
            name, cursor = f"{_REVIEW}{tab_of(key)}", Cursor(Edge.FIRST, None, began_at)
        case BookingLogOrigin():
            name = _BOOKING_LOG
        case BulkOrigin(bulk=bulk, part=part, offset=offset):
            name, cursor = f"{_BULK}{part[0]}{base36(bulk)}", Cursor(Edge.FIRST, offset or None)
        case MessageOrigin(message=message):
            name = f"{_MESSAGE}{base36(message)}"
        case LogOrigin(filter=criteria, cursor=cursor):
            name = _log_name(criteria)
        case _:
            key, cursor = place
            # The moment in a saved query is that of the row's booking, and has no room.
            name = tab_of(key)
            cursor = cursor._replace(at=None if isinstance(key, SavedQuery) else cursor.at)
    return name, cursor


def _log_name(criteria: LogFilter) -> str:
    action, period, actor = criteria.action, criteria.period, criteria.actor
    return "".join(
        [
            _LOG,
            _PLACE_LETTERS[action] if action else _ANY,
            period[0] if period else _ANY,
            base36(actor) if actor else "",
        ]
    )


def place_at(name: str, cursor: Cursor) -> Place:
    """Return the place with this name, and with this cursor as far as it has one.

    Raises:
        ValueError: there is no such place.
    """
    if name[:1].isupper():
        outside, _, first = name.partition(_FIRST)
        booking = _within(int(first, 36), 2**63) if first else None
        return PersonOrigin(_outside_at(outside[0].lower() + outside[1:], cursor), booking)
    return _outside_at(name, cursor)


def _outside_at(name: str, cursor: Cursor) -> Outside:
    if name == _BOOKING_LOG:
        return BookingLogOrigin()
    match name[:1]:
        case "m":
            return MessageOrigin(_within(int(name[1:], 36), 2**63))
        case "j":
            return LogOrigin(_criteria(name), cursor._replace(at=None))
        case "b":
            return _bulk(name, cursor.id or 0)
        case "r":
            began_at = EPOCH if cursor.at is None else cursor.at
            return ReviewOrigin(
                list_of(name[1:]), began_at - timedelta(microseconds=began_at.microsecond)
            )
        case _:
            return Origin(list_of(name), cursor)


def _bulk(name: str, offset: int) -> BulkOrigin:
    part = name[1:2]
    if part not in BULK_PARTS:
        raise ValueError(name)
    bulk = _within(int(name[2:], 36), 2**31)
    return BulkOrigin(bulk, BULK_PARTS[part], _within(offset, 2**31))


def _criteria(name: str) -> LogFilter:
    action, period, actor = name[1:2], name[2:3], name[3:]
    if action not in {_ANY, *_PLACE_ACTIONS} or period not in {_ANY, *_PERIODS}:
        raise ValueError(name)
    return LogFilter(
        actor=_within(int(actor, 36), 2**52) if actor else None,
        action=_PLACE_ACTIONS.get(action),
        period=_PERIODS.get(period),
    )


def _within(number: int, limit: int) -> int:
    if not 0 <= number < limit:
        raise ValueError(number)
    return number


def _known(name: str) -> str:
    place_at(name, START)
    return name


PlaceName: TypeAlias = Annotated[str, AfterValidator(_known)]
