"""How the fields of a payload are written: numbers in base 36, statuses as one letter."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BeforeValidator, Field, PlainSerializer

from db.models import EPOCH, MOST_FOUND, BookingAction, BookingStatus, MessageState

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
MICROSECOND: Final = timedelta(microseconds=1)
_ALL: Final = "a"
_VIEW: Final = "v"
_LETTERS: Final = {
    None: _ALL,
    BookingStatus.NEW: "n",
    BookingStatus.PENDING: "p",
    BookingStatus.CONFIRMED: "c",
    BookingStatus.CANCELLED: "x",
}
_STATUSES: Final = {letter: status for status, letter in _LETTERS.items()}
_ACTIONS: Final = {
    action[:2]: action
    for action in (BookingAction.CONFIRM, BookingAction.CANCEL, BookingAction.UNDO)
}

_STATES: Final = {state[:2]: state for state in MessageState}


def base36(number: int) -> str:
    digits = ""
    rest = abs(number)
    while rest or not digits:
        rest, digit = divmod(rest, 36)
        digits = _DIGITS[digit] + digits
    return f"-{digits}" if number < 0 else digits


def _number(raw: object) -> object:
    return int(raw, 36) if isinstance(raw, str) else raw


def _tab(raw: object) -> object:
    """Read a status's letter, or "v" and the number of what was looked for."""
    if not isinstance(raw, str) or isinstance(raw, BookingStatus):
        return raw
    if raw in _STATUSES:
        return _STATUSES[raw]
    if not raw.startswith(_VIEW):
        raise ValueError(raw)
    return int(raw.removeprefix(_VIEW), 36)


def _written_tab(tab: BookingStatus | int | None) -> str:
    return f"{_VIEW}{base36(tab)}" if isinstance(tab, int) else _LETTERS[tab]


Number: TypeAlias = Annotated[
    int, BeforeValidator(_number), PlainSerializer(base36, return_type=str)
]
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
Tab: TypeAlias = Annotated[
    BookingStatus | Annotated[int, Field(gt=0, lt=2**31)] | None,
    BeforeValidator(_tab),
    PlainSerializer(_written_tab, return_type=str),
]
Count: TypeAlias = Annotated[Number, Field(ge=0, le=MOST_FOUND)]
Attempts: TypeAlias = Annotated[Number, Field(ge=0, lt=2**31)]
State: TypeAlias = Annotated[
    MessageState,
    BeforeValidator(lambda raw: _STATES.get(raw, raw)),
    PlainSerializer(lambda state: state[:2], return_type=str),
]
Decision: TypeAlias = Annotated[
    Literal[BookingAction.CONFIRM, BookingAction.CANCEL, BookingAction.UNDO],
    BeforeValidator(lambda raw: _ACTIONS.get(raw, raw)),
    PlainSerializer(lambda action: action[:2], return_type=str),
]
