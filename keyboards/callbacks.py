"""Every button payload, and the only place where one is written or read.

A payload is a wire format: buttons stay in chats for years and come back as they were
sent, or as somebody forged them. So a prefix ends in a version; a changed list of fields gets
the next version, and the old one is answered with "out of date". Telegram allows 64 bytes
(https://core.telegram.org/bots/api#inlinekeyboardbutton), so fields are written as in `wire`.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final, Literal

from aiogram.filters.callback_data import CallbackData

from db.models import (
    EPOCH,
    Edge,
    FilterField,
    LogPlace,
    MessagePlace,
    Period,
    Place,
    Reason,
)
from keyboards.wire import (
    MICROSECOND,
    Action,
    Attempts,
    BookingId,
    Choice,
    Count,
    Decision,
    Microseconds,
    Month,
    Offset,
    PersonId,
    Revision,
    State,
    StreamId,
    Tab,
    ViewId,
    base36,
    start_of,
    tab_of,
    view_of,
    written,
)

_LINK: Final = "v_"


@cache
def _defaults(kind: type["Payload"], parent: type["Payload"]) -> dict[str, object]:
    """Return the fields that a payload has behind its parent's, each as it is by default."""
    fields = list(kind.model_fields.items())[len(parent.model_fields) :]
    return {name: field.default for name, field in fields}


def _joined(beginning: str, fields: Mapping[str, object]) -> str:
    return ":".join([beginning, *map(written, fields.values())])


class Payload(CallbackData, prefix="-"):
    """What a button says: written without a check, for it is ours, and checked when it is read."""

    @classmethod
    def of_fields(cls, **fields: object) -> str:
        """Return the payload with these fields, and the others as they are by default.

        A model made to be packed takes more than twice as long, for each of a list's buttons.
        """
        return _joined(cls.__prefix__, _defaults(cls, Payload) | fields)

    def pack(self) -> str:
        return self.of_fields(**dict(self))


class ListButton(Payload, prefix="l1"):
    """Show one page of a list of bookings; the fields are those of `Place`."""

    tab: Tab
    edge: Edge = Edge.FIRST
    at: Microseconds | None = None
    """Since 1970."""
    row: BookingId | None = None

    @classmethod
    def of(cls, place: Place, **fields: object) -> str:
        """Return the payload that remembers `place`; `fields` are what it has besides."""
        return _joined(cls.__prefix__ + _written_place(place), _defaults(cls, ListButton) | fields)

    @property
    def place(self) -> Place:
        at = None if self.at is None else EPOCH + self.at * MICROSECOND
        return replace(start_of(self.tab), edge=self.edge, at=at, id=self.row)


@lru_cache(maxsize=256)
def _written_place(place: Place) -> str:
    """Return how a payload begins behind its prefix; half of a list's buttons share one."""
    at = None if place.at is None else (place.at - EPOCH) // MICROSECOND
    return _joined("", {"tab": tab_of(place), "edge": place.edge, "at": at, "row": place.id})


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


class PersonBookingsButton(Payload, prefix="b1"):
    """List all the bookings of one person."""

    person: PersonId


class WhyButton(CardButton, prefix="w1"):
    """Explain why the booking is as it is."""


class LogButton(Payload, prefix="j3"):
    """Show one page of the log; the fields are those of `LogPlace`."""

    actor: PersonId | None = None
    action: Action | None = None
    period: Period | None = None
    booking: BookingId | None = None
    person: bool = False
    edge: Edge = Edge.FIRST
    entry: BookingId | None = None

    @classmethod
    def of(cls, place: LogPlace, **chosen: object) -> str:
        """Return the payload that remembers `place`, with other filters if need be."""
        names = ("actor", "action", "period", "booking", "person", "edge")
        fields = {name: getattr(place, name) for name in names}
        return cls.of_fields(**fields | {"entry": place.id} | chosen)

    @property
    def place(self) -> LogPlace:
        return LogPlace(
            actor=self.actor,
            action=self.action,
            period=self.period,
            booking=self.booking,
            person=self.person,
            edge=self.edge,
            id=self.entry,
        )


class FilterButton(Payload, prefix="f2"):
    """Show the panel for the filter of a list: one with a number, or that of a tab."""

    tab: Tab

    @classmethod
    def of(cls, place: Place) -> str:
        """Return the payload for the list of `place`."""
        return cls.of_fields(tab=tab_of(place))

    @property
    def place(self) -> Place:
        """Where the list begins."""
        return start_of(self.tab)


class ChoiceButton(Payload, prefix="h1"):
    """Choose an option of the panel, or drop it."""

    view: ViewId
    field: FilterField
    value: Choice


class DropButton(Payload, prefix="x1"):
    """Drop what is chosen of a field."""

    view: ViewId
    field: FilterField


class ChoicesButton(Payload, prefix="y1"):
    """Show all the options of a field, from number `offset` on."""

    view: ViewId
    field: Literal[FilterField.COURSE, FilterField.STREAM, FilterField.MONTH, FilterField.CODE]
    offset: Offset = 0


class CalendarButton(Payload, prefix="k1"):
    """Show a month to choose a day from."""

    view: ViewId
    field: Literal[FilterField.SINCE, FilterField.UNTIL]
    month: Month


def link_payload(view: int) -> str:
    """Return what follows `?start=` in a link that opens the list with this number."""
    return f"{_LINK}{base36(view)}"


def linked_place(payload: str) -> Place | None:
    """Return the list that a link opens."""
    with suppress(ValueError):
        return Place(status=None, view=view_of(payload.removeprefix(_LINK)))
    return None


class OutboxButton(Payload, prefix="o1"):
    """Show what is not delivered, by state and reason."""


class MessagesButton(Payload, prefix="g2"):
    """Show one page of a group of messages; the fields are those of `MessagePlace`."""

    state: State
    reason: Reason | None = None
    edge: Edge = Edge.FIRST
    row: BookingId | None = None

    @classmethod
    def of(cls, place: MessagePlace, **fields: object) -> str:
        """Return the payload that remembers `place`; `fields` are what it has besides."""
        return cls.of_fields(
            state=place.state, reason=place.reason, edge=place.edge, row=place.id, **fields
        )

    @property
    def place(self) -> MessagePlace:
        return MessagePlace(state=self.state, reason=self.reason, edge=self.edge, id=self.row)


class ResendAllButton(MessagesButton, prefix="r3"):
    """Ask whether to send the whole group again, or do it."""

    asked: Count | None = None
    """Of how many messages the admin was asked; None: ask."""


class MessageButton(MessagesButton, prefix="n2"):
    """Show one message, opened from the page its other fields name."""

    message: BookingId


class MessageAction(StrEnum):
    """What an admin can do with a message."""

    ASK_RESEND = "a"
    RESEND = "r"
    WITHDRAW = "w"
    TOLD = "t"


class MessageActionButton(MessageButton, prefix="e2"):
    """Do something with the message, as it was after so many attempts."""

    attempts: Attempts
    action: MessageAction


def place_of(data: str | None) -> Place:
    """Return the place that any button of a card remembers; the newest bookings without one."""
    for button in (DecisionButton, AskCancelButton, StreamsButton, MoveButton):
        with suppress(TypeError, ValueError):
            return button.unpack(data or "").place
    return Place(status=None)
