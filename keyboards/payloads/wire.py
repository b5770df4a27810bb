"""The wire format of payload fields: numbers in base 36, names as letters."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field

from bot.views.adding.imports import ImportStep
from bot.views.bulks import BulkStep
from bot.views.lists import ListKey, SavedQuery, Tab
from bot.views.review import Step
from db.models.adding.drafts import DraftField
from db.models.adding.imports import MOST_COLUMNS
from db.models.adding.imports import Field as FileField
from db.models.audit import Period
from db.models.bookings import EPOCH, BookingAction, BookingStatus
from db.models.bulks import BulkAction, BulkPart
from db.models.counts import MOST_FOUND, AtLeast
from db.models.filters import FilterField
from db.models.lists import Edge
from db.models.outbox import MessageState
from keyboards.payloads.adding.letters import DRAFT_FIELDS, FILE_FIELDS, IMPORT_STEPS

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
MICROSECOND: Final = timedelta(microseconds=1)
SECOND: Final = timedelta(seconds=1)
_SAVED: Final = "v"
_LETTERS: Final = {
    None: "a",
    BookingStatus.NEW: "n",
    BookingStatus.PENDING: "p",
    BookingStatus.CONFIRMED: "c",
    BookingStatus.CANCELLED: "x",
}
_STATUSES: Final = {letter: status for status, letter in _LETTERS.items()}
_ACTION_LETTERS: Final = {
    BookingAction.CONFIRM: "co",
    BookingAction.CANCEL: "ca",
    BookingAction.MOVE: "mo",
    BookingAction.REOPEN: "re",
    BookingAction.UNDO: "un",
    BookingAction.EXTERNAL: "ou",
    BookingAction.DELETE: "de",
    BookingAction.ADD: "ad",
    BookingAction.REMIND: "rm",
}
_BULK_LETTERS: Final = {action: action[:2] for action in BulkAction}
_ACTIONS: Final = {letters: action for action, letters in _ACTION_LETTERS.items()}
_BULK_ACTIONS: Final = {letters: action for action, letters in _BULK_LETTERS.items()}
# The first and last letter, because two states begin with the same three letters.
_STATES: Final = {state[0] + state[-1]: state for state in MessageState}
_EDGE_LETTERS: Final = {
    Edge.FIRST: "f",
    Edge.LAST: "l",
    Edge.AFTER: "a",
    Edge.BEFORE: "b",
    Edge.FROM: "i",
}
_EDGES: Final = {letter: edge for edge, letter in _EDGE_LETTERS.items()}
BULK_PARTS: Final = {part[0]: part for part in BulkPart}
_BULK_STEPS: Final = {step[0]: step for step in BulkStep}
_STEPS: Final = {step[0]: step for step in Step}
_PERIODS: Final = {period[0]: period for period in Period}
_FIELD_LETTERS: Final = {
    FilterField.STATUS: "s",
    FilterField.COURSE: "c",
    FilterField.STREAM: "t",
    FilterField.DAYS: "d",
    FilterField.MONTH: "m",
    FilterField.SINCE: "f",
    FilterField.UNTIL: "u",
    FilterField.DISCOUNT: "p",
    FilterField.CODE: "r",
    FilterField.WELCOME: "w",
}
_FIELDS: Final = {letter: field for field, letter in _FIELD_LETTERS.items()}


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
    BookingAction: _ACTION_LETTERS.__getitem__,
    BulkAction: _BULK_LETTERS.__getitem__,
    MessageState: lambda state: state[0] + state[-1],
    Edge: _EDGE_LETTERS.__getitem__,
    Period: lambda period: period[0],
    Step: lambda step: step[0],
    BulkStep: lambda step: step[0],
    BulkPart: lambda part: part[0],
    FilterField: _FIELD_LETTERS.__getitem__,
    DraftField: DRAFT_FIELDS.__getitem__,
    FileField: FILE_FIELDS.__getitem__,
    ImportStep: IMPORT_STEPS.__getitem__,
}


def written(value: object) -> str:
    """Return the value in the wire format; text stays as it is.

    Raises:
        TypeError: the type has no wire format.
    """
    return _WRITERS.get(type(value), str.__str__)(value)


def seconds_of(moment: datetime) -> int:
    """Return the whole seconds since 1970."""
    return (moment - EPOCH) // SECOND


def tab_of(key: ListKey) -> str:
    """Return the name of a list: a letter for a status, or "v" and a saved query's number."""
    return f"{_SAVED}{base36(key.number)}" if isinstance(key, SavedQuery) else _LETTERS[key.status]


def list_of(tab: str) -> ListKey:
    """Return the list with this name.

    Raises:
        ValueError: there is no such list.
    """
    if tab in _STATUSES:
        return Tab(_STATUSES[tab])
    if not tab.startswith(_SAVED):
        raise ValueError(tab)
    return SavedQuery(saved_of(tab.removeprefix(_SAVED)))


def saved_of(digits: str) -> int:
    """Return the number of a saved query.

    Raises:
        ValueError: it is not a number of a saved query.
    """
    number = int(digits, 36)
    if not 0 < number < 2**31:
        raise ValueError(digits)
    return number


def _number(raw: object) -> object:
    return int(raw, 36) if isinstance(raw, str) else raw


def _named(names: Mapping[str, object]) -> BeforeValidator:
    """Return a validator that reads a short name, and maps any other text to ""."""
    return BeforeValidator(lambda raw: names.get(raw, "") if type(raw) is str else raw)


def _by_letter(letters: Mapping[Any, str]) -> Mapping[str, object]:
    return {letter: name for name, letter in letters.items()}


def _tab(raw: str) -> str:
    list_of(raw)
    return raw


Number: TypeAlias = Annotated[int, BeforeValidator(_number)]
BookingId: TypeAlias = Annotated[Number, Field(ge=0, lt=2**63)]
SavedId: TypeAlias = Annotated[Number, Field(gt=0, lt=2**31)]
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
Seconds: TypeAlias = Annotated[Number, Field(ge=0, lt=2**33)]
TabName: TypeAlias = Annotated[str, AfterValidator(_tab)]
Count: TypeAlias = Annotated[Number, Field(ge=0, le=MOST_FOUND)]
Attempts: TypeAlias = Annotated[Number, Field(ge=0, lt=2**31)]
State: TypeAlias = Annotated[MessageState, _named(_STATES)]
Action: TypeAlias = Annotated[BookingAction, _named(_ACTIONS)]
Decision: TypeAlias = Annotated[
    Literal[BookingAction.CONFIRM, BookingAction.REOPEN, BookingAction.UNDO],
    _named(_ACTIONS),
]
EdgeName: TypeAlias = Annotated[Edge, _named(_EDGES)]
DraftId: TypeAlias = Annotated[Number, Field(gt=0, lt=2**31)]
DraftFieldName: TypeAlias = Annotated[DraftField, _named(_by_letter(DRAFT_FIELDS))]
ImportId: TypeAlias = Annotated[Number, Field(gt=0, lt=2**31)]
ImportStepName: TypeAlias = Annotated[ImportStep, _named(_by_letter(IMPORT_STEPS))]
FileFieldName: TypeAlias = Annotated[FileField, _named(_by_letter(FILE_FIELDS))]
ColumnNumber: TypeAlias = Annotated[Number, Field(ge=0, lt=MOST_COLUMNS)]
ChoiceId: TypeAlias = Annotated[Number, Field(gt=0, lt=2**31)]
QuestionId: TypeAlias = Annotated[Number, Field(gt=0, lt=2**31)]
BulkId: TypeAlias = Annotated[Number, Field(gt=0, lt=2**31)]
BulkPartName: TypeAlias = Annotated[BulkPart, _named(BULK_PARTS)]
BulkStepName: TypeAlias = Annotated[BulkStep, _named(_BULK_STEPS)]
BulkActionName: TypeAlias = Annotated[BulkAction, _named(_BULK_ACTIONS)]
Days: TypeAlias = Annotated[Number, Field(gt=0, lt=36**2)]
StepName: TypeAlias = Annotated[Step, _named(_STEPS)]
PeriodName: TypeAlias = Annotated[Period, _named(_PERIODS)]
FieldName: TypeAlias = Annotated[FilterField, _named(_FIELDS)]
ManyOptions: TypeAlias = Annotated[
    Literal[
        FilterField.STATUS,
        FilterField.COURSE,
        FilterField.STREAM,
        FilterField.DAYS,
        FilterField.MONTH,
        FilterField.DISCOUNT,
        FilterField.CODE,
        FilterField.WELCOME,
    ],
    _named(_FIELDS),
]
"""Fields that have options; SINCE and UNTIL have a calendar instead."""
DayField: TypeAlias = Annotated[Literal[FilterField.SINCE, FilterField.UNTIL], _named(_FIELDS)]
