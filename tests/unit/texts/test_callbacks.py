"""Payloads are a wire format: buttons stay in chats for years, and clients can forge them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.texts.lists import TABS
from bot.views.lists import LogOrigin, Origin, PersonOrigin, Place, SavedQuery, Tab
from db.models.audit import LogFilter
from db.models.bookings import EPOCH, BookingAction, BookingStatus
from db.models.filters import FilterField
from db.models.lists import Cursor, Edge
from db.models.outbox import GroupKey, MessageState, Reason
from keyboards.payloads.base import Payload
from keyboards.payloads.bookings import (
    AskCancelButton,
    AskMoveButton,
    CardButton,
    DecisionButton,
    place_in,
)
from keyboards.payloads.filters import (
    CalendarButton,
    ChoiceButton,
    ChoicesButton,
    DropButton,
    FilterButton,
)
from keyboards.payloads.history import LogButton
from keyboards.payloads.lists import ListButton, link_payload, linked_list
from keyboards.payloads.outbox import (
    MessagesButton,
)
from keyboards.payloads.people import PersonBookingsButton, PersonButton
from keyboards.payloads.questions import AnswerButton, QuestionButton
from keyboards.payloads.wire import MICROSECOND
from tests.unit.texts.fields import (
    BUTTONS,
    FIELDS,
    forgeries,
    payloads,
    places,
    views,
)

MARCH = datetime(2026, 3, 3, 14, 2, 5, 6, UTC)
FIRST = Origin()
ORIGIN = Origin(Tab(BookingStatus.PENDING), Cursor(Edge.AFTER, 123, MARCH))
CARD = {"booking": 123, "revision": 4}

MOST_BYTES = 64


def descendants(button: type[Payload]) -> Iterator[type[Payload]]:
    for subclass in button.__subclasses__():
        yield subclass
        yield from descendants(subclass)


@pytest.mark.parametrize(
    ("payload", "wire"),
    [
        (ListButton.of(FIRST), "l1:a:f::"),
        (ListButton.of(Origin(Tab(BookingStatus.NEW), Cursor(Edge.LAST))), "l1:n:l::"),
        (ListButton.of(ORIGIN), "l1:p:a:hgbcmr6u6e:3f"),
        (CardButton.of(ORIGIN, booking=123), "c1:p:a:hgbcmr6u6e:3f:3f"),
        (
            DecisionButton.of(ORIGIN, action=BookingAction.CONFIRM, **CARD),
            "d1:p:a:hgbcmr6u6e:3f:3f:4:co",
        ),
        (DecisionButton.of(FIRST, action=BookingAction.UNDO, **CARD), "d1:a:f:::3f:4:un"),
        (AskCancelButton.of(FIRST, **CARD), "q1:a:f:::3f:4"),
        (AskMoveButton.of(FIRST, **CARD), "s2:a:f:::3f:4"),
        (ListButton.of(Origin(SavedQuery(40))), "l1:v14:f::"),
        (PersonButton.of(FIRST, booking=123), "p1:a:f:::3f"),
        (PersonBookingsButton.of_fields(person=123), "b1:3f"),
        (FilterButton.of(SavedQuery(40)), "f2:v14"),
        (FilterButton.of(ORIGIN.list), "f2:p"),
        (ChoiceButton.of_fields(saved=40, field=FilterField.STREAM, value=7), "h1:14:t:7"),
        (DropButton.of_fields(saved=40, field=FilterField.CODE), "x1:14:r"),
        (ChoicesButton.of_fields(saved=40, field=FilterField.CODE, offset=8), "y1:14:r:8"),
        (CalendarButton.of_fields(saved=40, field=FilterField.SINCE, month=24322), "k1:14:f:irm"),
        (QuestionButton.of_fields(question=40, tell=True, offset=8), "k2:14:1:8"),
        (AnswerButton.of_fields(question=40, version=1, tell=False), "k3:14:1:0:"),
        (LogButton.of(LogFilter(action=BookingAction.MOVE, person=True)), "j3::mo:::1:f:"),
        (
            MessagesButton.of(GroupKey(MessageState.FAILED, Reason.BLOCKED)),
            "g2:fd:blocked:f:",
        ),
    ],
)
def test_the_wire_format_does_not_change(payload: str, wire: str) -> None:
    assert payload == wire


@pytest.mark.parametrize("status", TABS)
@pytest.mark.parametrize("edge", Edge)
def test_every_tab_and_edge_is_one_letter(status: BookingStatus | None, edge: Edge) -> None:
    _, tab, where, *_ = ListButton.of(Origin(Tab(status), Cursor(edge))).split(":")

    assert (len(tab), len(where)) == (1, 1)


@given(payload=payloads)
@example(
    payload=(
        DecisionButton,
        {
            "tab": "a",
            "edge": Edge.AFTER,
            "at": (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND,
            "row": 2**63 - 1,
            "booking": 2**63 - 1,
            "revision": 2**31 - 1,
            "action": BookingAction.CONFIRM,
        },
    )
)
def test_every_payload_fits_and_comes_back_as_it_was(
    payload: tuple[type[Payload], Mapping[str, object]],
) -> None:
    button, fields = payload
    wire = button.of_fields(**fields)
    read = button.unpack(wire)

    assert len(wire.encode()) <= MOST_BYTES
    assert dict(read) == fields
    assert read.pack() == wire


def test_a_payload_lacks_nothing() -> None:
    with pytest.raises(TypeError):
        CardButton.of(FIRST)


def test_no_two_payloads_begin_alike() -> None:
    prefixes = [button.__prefix__ for button in FIELDS]

    assert len(prefixes) == len(set(prefixes))


def test_every_payload_there_is_is_among_these() -> None:
    written = {button for button in descendants(Payload) if not button.__prefix__.startswith("-")}
    assert set(FIELDS) == written


@given(origin=places)
def test_a_button_remembers_where_it_was_drawn(origin: Place) -> None:
    assert remembered(CardButton.unpack(CardButton.of(origin, booking=1)).place, origin)


def remembered(place: Place, origin: Place) -> bool:
    """Whether it is the same place; a card may be forgotten whose number is too long."""
    if isinstance(origin, PersonOrigin):
        return place in {origin, replace(origin, booking=None)}
    return place == origin


@given(booking=st.integers(0, 10**9), row=st.integers(0, 10**9))
def test_the_card_from_which_a_students_page_was_opened_is_remembered(
    booking: int, row: int
) -> None:
    criteria = LogFilter(actor=10**12, action=BookingAction.MOVE)
    for outside in (
        Origin(Tab(None), Cursor(Edge.FROM, row, MARCH)),
        Origin(SavedQuery(2**31 - 1), Cursor(Edge.FROM, row)),
        LogOrigin(criteria, Cursor(Edge.FROM, row % 10**7)),
    ):
        place = PersonOrigin(outside, booking % 10**7)
        assert CardButton.unpack(CardButton.of(place, booking=1)).place == place


@given(place=places)
def test_the_longest_button_fits_wherever_it_leads_back_to(place: Place) -> None:
    most = {"booking": 2**63 - 1, "revision": 2**31 - 1, "action": BookingAction.CONFIRM}

    assert len(DecisionButton.of(place, **most)) <= MOST_BYTES


@given(view=views)
def test_a_link_leads_to_its_list_and_fits_a_start(view: int) -> None:
    payload = link_payload(SavedQuery(view))

    assert re.fullmatch("[A-Za-z0-9_-]{1,64}", payload)
    assert linked_list(payload) == SavedQuery(view)


@given(origin=places)
def test_the_way_back_is_found_on_every_button_that_can_be_out_of_date(origin: Place) -> None:
    assert remembered(place_in(AskCancelButton.of(origin, **CARD)), origin)
    assert remembered(place_in(AskMoveButton.of(origin, **CARD)), origin)
    assert remembered(place_in(CardButton.of(origin, booking=123)), origin)


@given(data=st.text(max_size=64) | forgeries)
@example(data="d1:p:a:hgbcmr6u6e:3f:3f:4:move")
@example(data="l1:a:f:zzzzzzzzzzzzzzzz:1")
@example(data="s2:a:f:::1:-1")
@example(data="l1:unknown:f::")
@example(data="l1:v:f::")
@example(data="l1:v0:f::")
@example(data="l1:v-1:f::")
@example(data="l1:vzzzzzzzz:f::")
def test_what_is_forged_is_refused_or_means_a_place(data: str) -> None:
    for button in BUTTONS:
        with suppress(TypeError, ValueError):
            assert isinstance(button.unpack(data).origin, Origin)
    assert isinstance(place_in(data), Place)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "d1",
        "d1:p:a:hgbcmr6u6e:3f:3f:4",
        "d1:a:f:::3f:4:co:1",
        "d1:a:f:::3f:4:mo",
        "d1:a:f:::3f:4:ca",
        "d1:a:f:::3f:-1:co",
        "d1:a:f:::-1:4:co",
        "d1:a:f::::4:co",
        "d1:a:f:::1y2p0ij32e8e8:4:co",
        "d1:u:f:::3f:4:co",
        "d1:a:?:::3f:4:co",
        "d2:a:f:::3f:4:co",
    ],
)
def test_a_decision_that_is_not_whole_is_no_decision(data: str) -> None:
    with pytest.raises((TypeError, ValueError)):
        DecisionButton.unpack(data)
