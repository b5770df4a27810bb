"""Every button payload, and the only place where one is written or read.

A payload is a wire format: buttons stay in chats for years and come back as they were
sent, or as somebody forged them. So a prefix ends in a version; a changed list of fields gets
the next version, and the old one is answered with "out of date". Telegram allows 64 bytes
(https://core.telegram.org/bots/api#inlinekeyboardbutton), so numbers are written in base 36
and statuses as one letter.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, Self, TypeAlias

from aiogram.filters.callback_data import CallbackData
from pydantic import BeforeValidator, Field, PlainSerializer

from db.models import (
    EPOCH,
    BookingAction,
    BookingStatus,
    Edge,
    FilterField,
    LogPlace,
    MessagePlace,
    MessageState,
    Period,
    Place,
    Reason,
)

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_MICROSECOND: Final = timedelta(microseconds=1)
_ALL: Final = "a"
_VIEW: Final = "v"
_LINK: Final = "v_"
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


def _base36(number: int) -> str:
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
    return f"{_VIEW}{_base36(tab)}" if isinstance(tab, int) else _LETTERS[tab]


Number: TypeAlias = Annotated[
    int, BeforeValidator(_number), PlainSerializer(_base36, return_type=str)
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
        ge=(datetime.min.replace(tzinfo=UTC) - EPOCH) // _MICROSECOND,
        le=(datetime.max.replace(tzinfo=UTC) - EPOCH) // _MICROSECOND,
    ),
]
Tab: TypeAlias = Annotated[
    BookingStatus | Annotated[int, Field(gt=0, lt=2**31)] | None,
    BeforeValidator(_tab),
    PlainSerializer(_written_tab, return_type=str),
]
Attempts: TypeAlias = Annotated[Number, Field(ge=0, lt=36**2)]
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


class ListButton(CallbackData, prefix="l1"):
    """Show one page of a list of bookings; the fields are those of `Place`."""

    tab: Tab
    edge: Edge = Edge.FIRST
    at: Microseconds | None = None
    """Since 1970."""
    row: BookingId | None = None

    @classmethod
    def of(cls, place: Place, **fields: object) -> Self:
        """Return the button that remembers `place`; `fields` are what it has besides."""
        at = None if place.at is None else (place.at - EPOCH) // _MICROSECOND
        return cls.model_validate(
            {"tab": place.view or place.status, "edge": place.edge, "at": at, "row": place.id}
            | fields
        )

    @property
    def place(self) -> Place:
        if isinstance(self.tab, int):
            return Place(status=None, view=self.tab, edge=self.edge, id=self.row)
        at = None if self.at is None else EPOCH + self.at * _MICROSECOND
        return Place(status=self.tab, edge=self.edge, at=at, id=self.row)


class CardButton(ListButton, prefix="c1"):
    """Show one booking, opened from the page its other fields name."""

    booking: BookingId


class DecisionButton(CardButton, prefix="d1"):
    """Confirm or cancel the booking as it was at this revision, or undo what led to it."""

    revision: Revision
    action: Decision


class AskCancelButton(CardButton, prefix="q1"):
    """Ask once more before a confirmed booking is cancelled."""

    revision: Revision


class StreamsButton(CardButton, prefix="s1"):
    """Offer the streams the booking can be moved into, from number `offset` on."""

    revision: Revision
    offset: Offset = 0


class MoveButton(CardButton, prefix="m1"):
    """Move the booking, as it was at this revision, into a stream."""

    revision: Revision
    stream: StreamId


class PersonButton(CardButton, prefix="p1"):
    """Show the story of the person whose booking this is."""


class PersonBookingsButton(CallbackData, prefix="b1"):
    """List all the bookings of one person."""

    person: PersonId


class WhyButton(CardButton, prefix="w1"):
    """Explain why the booking is as it is."""


class LogButton(CallbackData, prefix="j1"):
    """Show one page of the log; the fields are those of `LogPlace`."""

    actor: PersonId | None = None
    action: BookingAction | None = None
    period: Period | None = None
    booking: BookingId | None = None
    edge: Edge = Edge.FIRST
    entry: BookingId | None = None

    @classmethod
    def of(cls, place: LogPlace, **chosen: object) -> Self:
        """Return the button that remembers `place`, with other filters if need be."""
        names = ("actor", "action", "period", "booking", "edge")
        fields = {name: getattr(place, name) for name in names}
        return cls.model_validate(fields | {"entry": place.id} | chosen)

    @property
    def place(self) -> LogPlace:
        return LogPlace(
            actor=self.actor,
            action=self.action,
            period=self.period,
            booking=self.booking,
            edge=self.edge,
            id=self.entry,
        )


class FilterButton(CallbackData, prefix="f1"):
    """Show the panel for the filter with this number, or for none yet."""

    view: ViewId | None = None


class ChoiceButton(CallbackData, prefix="h1"):
    """Choose an option of the panel, or drop it."""

    view: ViewId
    field: FilterField
    value: Choice


class DropButton(CallbackData, prefix="x1"):
    """Drop what is chosen of a field."""

    view: ViewId
    field: FilterField


class ChoicesButton(CallbackData, prefix="y1"):
    """Show all the options of a field, from number `offset` on."""

    view: ViewId
    field: Literal[FilterField.COURSE, FilterField.STREAM, FilterField.MONTH, FilterField.CODE]
    offset: Offset = 0


class CalendarButton(CallbackData, prefix="k1"):
    """Show a month to choose a day from."""

    view: ViewId
    field: Literal[FilterField.SINCE, FilterField.UNTIL]
    month: Month


def link_payload(view: int) -> str:
    """Return what follows `?start=` in a link that opens the list with this number."""
    return f"{_LINK}{_base36(view)}"


def linked_place(payload: str) -> Place | None:
    """Return the list that a link opens."""
    with suppress(ValueError):
        number = int(payload.removeprefix(_LINK), 36)
        if 0 < number < 2**31:
            return Place(status=None, view=number)
    return None


class OutboxButton(CallbackData, prefix="o1"):
    """Show what is not delivered, by state and reason."""


class MessagesButton(CallbackData, prefix="g1"):
    """Show one page of a group of messages; the fields are those of `MessagePlace`."""

    state: State
    reason: Reason | None = None
    edge: Edge = Edge.FIRST
    row: BookingId | None = None

    @classmethod
    def of(cls, place: MessagePlace, **fields: object) -> Self:
        """Return the button that remembers `place`; `fields` are what it has besides."""
        named = {"state": place.state, "reason": place.reason, "edge": place.edge}
        return cls.model_validate(named | {"row": place.id} | fields)

    @property
    def place(self) -> MessagePlace:
        return MessagePlace(state=self.state, reason=self.reason, edge=self.edge, id=self.row)


class ResendAllButton(MessagesButton, prefix="r1"):
    """Ask whether to send the whole group again, or do it."""

    sure: bool = False


class MessageButton(MessagesButton, prefix="n1"):
    """Show one message, opened from the page its other fields name."""

    message: BookingId


class MessageAction(StrEnum):
    """What an admin can do with a message."""

    ASK_RESEND = "a"
    RESEND = "r"
    WITHDRAW = "w"
    TOLD = "t"


class MessageActionButton(MessageButton, prefix="e1"):
    """Do something with the message, as it was after so many attempts."""

    attempts: Attempts
    action: MessageAction


def place_of(data: str | None) -> Place:
    """Return the place that any button of a card remembers; the newest bookings without one."""
    for button in (DecisionButton, AskCancelButton, StreamsButton, MoveButton):
        with suppress(TypeError, ValueError):
            return button.unpack(data or "").place
    return Place(status=None)
