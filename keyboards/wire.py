"""How the fields of a payload are written and read: numbers in base 36, statuses as one letter."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field

from db.models import (
    EPOCH,
    MOST_FOUND,
    AtLeast,
    BookingAction,
    BookingStatus,
    MessageState,
    Place,
)

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
MICROSECOND: Final = timedelta(microseconds=1)
_VIEW: Final = "v"
_LETTERS: Final = {
    None: "a",
    BookingStatus.NEW: "n",
    BookingStatus.PENDING: "p",
    BookingStatus.CONFIRMED: "c",
    BookingStatus.CANCELLED: "x",
}
_STATUSES: Final = {letter: status for status, letter in _LETTERS.items()}
_ACTIONS: Final = {action[:2]: action for action in BookingAction}
# Two of them begin with the same three letters.
_STATES: Final = {state[0] + state[-1]: state for state in MessageState}


def base36(number: int) -> str:
    digits = ""
    rest = abs(number)
    while rest or not digits:
        rest, digit = divmod(rest, 36)
        digits = _DIGITS[digit] + digits
    return f"-{digits}" if number < 0 else digits


_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = {
    type(None): lambda _: "",
    int: base36,
    AtLeast: base36,
    bool: base36,
    BookingAction: lambda action: action[:2],
    MessageState: lambda state: state[0] + state[-1],
}


def written(value: object) -> str:
    """Return the value as a payload has it; what is text stays as it is.

    Raises:
        TypeError: nothing is said of how this is written.
    """
    return _WRITERS.get(type(value), str.__str__)(value)


def tab_of(place: Place) -> str:
    """Return which list the place is in: a status's letter, or "v" and the number of its view."""
    return f"{_VIEW}{base36(place.view)}" if place.view else _LETTERS[place.status]


def start_of(tab: str) -> Place:
    """Return where the list of this tab begins.

    Raises:
        ValueError: there is no such list.
    """
    if tab in _STATUSES:
        return Place(status=_STATUSES[tab])
    if not tab.startswith(_VIEW):
        raise ValueError(tab)
    return Place(status=None, view=view_of(tab.removeprefix(_VIEW)))


def view_of(digits: str) -> int:
    """Return the number of a view.

    Raises:
        ValueError: it cannot be one.
    """
    number = int(digits, 36)
    if not 0 < number < 2**31:
        raise ValueError(digits)
    return number


def _number(raw: object) -> object:
    return int(raw, 36) if isinstance(raw, str) else raw


def _tab(raw: str) -> str:
    start_of(raw)
    return raw


Number: TypeAlias = Annotated[int, BeforeValidator(_number)]
BookingId: TypeAlias = Annotated[Number, Field(ge=0, lt=2**63)]
ViewId: TypeAlias = Annotated[Number, Field(gt=0, lt=2**31)]
Month: TypeAlias = Annotated[Number, Field(ge=12, lt=12 * 10_000)]
Choice: TypeAlias = Annotated[Number, Field(ge=-(2**31), lt=2**63)]
PersonId: TypeAlias = Annotated[Number, Field(ge=-(2**63), lt=2**63)]
Revision: TypeAlias = Annotated[Number, Field(ge=0, lt=2**31)]
StreamId: TypeAlias = Annotated[Number, Field(gt=0, lt=2**31)]
Offset: TypeAlias = Annotated[Number, Field(ge=0, lt=36**4)]
Microseconds: TypeAlias = Annotated[
    Number,
    Field(
        ge=(datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND,
        le=(datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND,
    ),
]
Tab: TypeAlias = Annotated[str, AfterValidator(_tab)]
Count: TypeAlias = Annotated[Number, Field(ge=0, le=MOST_FOUND)]
Attempts: TypeAlias = Annotated[Number, Field(ge=0, lt=2**31)]
State: TypeAlias = Annotated[
    MessageState,
    BeforeValidator(lambda raw: _STATES.get(raw, raw)),
]
Action: TypeAlias = Annotated[BookingAction, BeforeValidator(lambda raw: _ACTIONS.get(raw, raw))]
Decision: TypeAlias = Annotated[
    Literal[BookingAction.CONFIRM, BookingAction.CANCEL, BookingAction.UNDO],
    BeforeValidator(lambda raw: _ACTIONS.get(raw, raw)),
]
