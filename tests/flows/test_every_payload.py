"""Every payload that can be forged, pressed by an admin: a clear answer, and no error."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final

import asyncpg
import pytest
from structlog.testing import capture_logs

from bot.views.acting import MessageAction
from bot.views.adding.imports import ImportStep
from bot.views.bulks import BulkStep
from bot.views.lists import Origin
from bot.views.review import Step
from db.models.adding.drafts import DraftField
from db.models.adding.imports import MOST_COLUMNS, Field
from db.models.audit import Period
from db.models.bookings import BookingAction
from db.models.bulks import BulkAction, BulkPart
from db.models.filters import FilterField
from db.models.lists import Edge
from db.models.outbox import MessageState, Reason
from keyboards.payloads.adding.by_hand import DraftButton, DraftChoiceButton
from keyboards.payloads.adding.imports import ImportButton, ImportColumnsButton, ImportMapButton
from keyboards.payloads.base import Payload
from keyboards.payloads.bookings import (
    AskCancelButton,
    AskMoveButton,
    DecisionButton,
    LostActionButton,
    NoticeDecisionButton,
    RemindButton,
)
from keyboards.payloads.bulks import BulkButton, BulkPageButton, RehearseButton
from keyboards.payloads.filters import CalendarButton, ChoicesButton
from keyboards.payloads.history import LogButton
from keyboards.payloads.outbox import MessageActionButton, NoticeActionButton
from keyboards.payloads.people import PersonBookingsButton
from keyboards.payloads.questions import ReasonButton
from keyboards.payloads.review import ReviewDecisionButton
from tests.support.person import Person
from tests.support.school import MakeBooking

LARGEST: Final = 2**63 - 1
MOST: Final = 320
"""Combinations of one payload; of more, every so many-th is pressed."""
STEPS: Final = (1, 11, 13, 17, 19, 23, 29, 31)
"""They divide no number of values, so that each value meets each of the others."""
AT_ONCE: Final = 40
VALUES: Final[Mapping[str, Sequence[Any]]] = {
    "tab": ["a", "p", "v1"],
    "log_edge": list(Edge),
    "entry": [None, 1],
    "edge": list(Edge),
    "at": [None, 0],
    "row": [None, 1],
    "booking": [1, LARGEST],
    "revision": [1, 2**31 - 1],
    "told": [False, True],
    "group": [False, True],
    "offset": [0, 8, 36**4 - 1],
    "stream": [1, 2**31 - 1],
    "saved": [1, 2**31 - 1],
    "field": list(FilterField),
    "value": [-1, 0, 1, LARGEST],
    "month": [12, 24_322, 12 * 10_000 - 1],
    "state": list(MessageState),
    "reason": [None, Reason.BLOCKED],
    "asked": [None, 0, 1],
    "question": [1, 2, 2**31 - 1],
    "version": [1, 2],
    "choice": [None, 1, 2**31 - 1],
    "listed": [False, True],
    "tell": [False, True],
    "message": [1, LARGEST],
    "attempts": [0, 1],
    "bulk": [1, 2**31 - 1],
    "began": [0, 2**33 - 1],
    "step": list(Step),
    "draft": [1, 2**31 - 1],
    "known": [0, 1, LARGEST],
    "imported": [1, 2**31 - 1],
    "column": [None, 0, MOST_COLUMNS - 1],
}
OF_PAYLOAD: Final[Mapping[type[Payload], Mapping[str, Sequence[Any]]]] = {
    LogButton: {
        "actor": [None, 11],
        "action": [None, BookingAction.MOVE],
        "period": [None, next(iter(Period))],
        "booking": [None, 1],
        "person": [False, True],
        "entry": [None, 1],
    },
    DecisionButton: {
        "action": [BookingAction.CONFIRM, BookingAction.REOPEN, BookingAction.UNDO],
    },
    NoticeDecisionButton: {
        "action": [BookingAction.CONFIRM, BookingAction.REOPEN, BookingAction.UNDO],
    },
    ReasonButton: {"reason": [1, 2**31 - 1]},
    RehearseButton: {"action": list(BulkAction), "older": [None, 1, 30, 36**2 - 1]},
    RemindButton: {"undo": [False, True]},
    BulkButton: {"step": list(BulkStep)},
    BulkPageButton: {"part": list(BulkPart)},
    ReviewDecisionButton: {
        "action": [BookingAction.CONFIRM, BookingAction.REOPEN, BookingAction.UNDO],
    },
    MessageActionButton: {"action": list(MessageAction)},
    NoticeActionButton: {"action": list(MessageAction)},
    LostActionButton: {"action": list(MessageAction)},
    ChoicesButton: {"field": [FilterField.COURSE, FilterField.STREAM, FilterField.CODE]},
    CalendarButton: {"field": [FilterField.SINCE, FilterField.UNTIL]},
    DraftButton: {"field": [None, *DraftField]},
    DraftChoiceButton: {"field": list(DraftField)},
    ImportButton: {"step": list(ImportStep)},
    ImportColumnsButton: {"field": [None, *Field]},
    ImportMapButton: {"field": list(Field)},
    PersonBookingsButton: {"person": [-LARGEST - 1, 99, LARGEST]},
}


def written(parent: type[Payload] = Payload) -> Iterator[type[Payload]]:
    """Return every payload that a button can have."""
    for each in parent.__subclasses__():
        if not each.__prefix__.startswith("-"):
            yield each
        yield from written(each)


def combinations(payload: type[Payload]) -> Sequence[str]:
    values = {**VALUES, **OF_PAYLOAD.get(payload, {})}
    names = list(payload.model_fields)
    combined = list(product(*(values[name] for name in names)))
    step = next(each for each in STEPS if each * MOST >= len(combined))
    return [payload.of_fields(**dict(zip(names, each, strict=True))) for each in combined[::step]]


@pytest.mark.parametrize("payload", [pytest.param(each, id=each.__name__) for each in written()])
async def test_every_combination_of_a_payload_has_a_clear_answer(
    desk: None,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    payload: type[Payload],
) -> None:
    for status in (1, 2, 3):
        await make_booking(confirmed=status)
    await anna.opens("/bookings code:none", shows="No bookings match")
    screen = anna.screen
    for asks in (AskCancelButton, AskMoveButton):
        question = asks.of(Origin(), booking=2, revision=1)
        assert not (await anna.forge(question, on=screen).answered()).show_alert
    with capture_logs() as lines:
        data = combinations(payload)
        for n in range(0, len(data), AT_ONCE):
            presses = [anna.forge(each, on=screen) for each in data[n : n + AT_ONCE]]
            answers = await asyncio.gather(*(press.answered() for press in presses))
            assert not [each.text for each in answers if (each.text or "").startswith("🛠")]

    assert [line for line in lines if line["log_level"] in {"warning", "error"}] == []
