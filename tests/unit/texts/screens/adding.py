"""The screens of adding bookings, with the longest values."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.i18n import Translator
from bot.screens import lists
from bot.screens.adding import by_hand, imports
from bot.screens.screen import Screen
from bot.views.adding.by_hand import Added, DraftView
from bot.views.adding.imports import ImportView
from bot.views.lists import (
    EVERYTHING,
    TabList,
)
from db.models.adding.drafts import Draft, DraftField, Person
from db.models.adding.imports import (
    Field,
    FileProblem,
    Import,
    ImportState,
    Layout,
    RowResult,
    Trouble,
)
from db.models.audit import Actor
from db.models.bookings import BookingAction, BookingStatus
from db.models.outbox import MessageState
from tests.unit.texts.screens.every import BOOKING, NAME, NOW, STREAMS, a_card, a_page


def by_hand_screens(t: Translator) -> Iterator[Screen]:
    draft = Draft(
        id=2**31 - 1,
        revision=1,
        asks=None,
        user_id=9_999_999_999,
        username="vera_petrova",
        first_name=NAME,
        course_id=1,
        course_stream="autumn-2026-weekends",
        confirmed=2,
    )
    for asks in (None, *DraftField):
        for duplicates in ([], [BOOKING]):
            view = DraftView(
                draft=replace(draft, asks=asks),
                course="Акварель для начинающих",
                candidates=[Person(user_id=1, first_name=NAME, username="vera")],
                courses={1: "Акварель для начинающих взрослых"},
                streams=STREAMS[:8],
                offset=8,
                more=True,
                duplicates=duplicates,
            )
            yield by_hand.outcome(t, view)
    card = a_card(BookingStatus.PENDING, BookingAction.ADD, MessageState.FAILED)
    yield by_hand.outcome(t, Added(card=card))
    yield by_hand.dropped(t)
    yield by_hand.undone(t, BOOKING.id)
    empty = TabList(
        key=EVERYTHING,
        page=replace(a_page(), number=1, last=1, previous=None, next=None),
        counts={},
    )
    yield lists.booking_list(t, empty)


def import_screens(t: Translator) -> Iterator[Screen]:
    header = ["Номер ученика в Telegram", "ник", *(f"столбец {n}" for n in range(10))]
    imported = Import(
        id=2**31 - 1,
        by=Actor(id=11, name="Константин"),
        state=ImportState.READING,
        revision=1,
        file_name="Ученики осеннего потока, итог.csv",
        layout=Layout(encoding="utf-8-sig", delimiter=";", has_header=True, header=header),
        columns={field: n for n, field in enumerate(Field)},
        problem=FileProblem.QUOTES,
        problem_line=49_999,
        welcomes=False,
        twins=False,
        total=50_000,
        added=49_999,
        chat_id=None,
        message_id=None,
        language=None,
        undo_until=NOW + timedelta(minutes=1),
        undone_by=None,
        results=dict.fromkeys((None, *RowResult), 50_000),
        confirmed=50_000,
        new_courses=["Акварель для начинающих"],
    )
    trouble = Trouble(49_999, RowResult.KEPT, None, None, None, None, None, 1, "Константин")
    view = ImportView(imported=imported, troubles=[trouble], offset=8, more=True)
    for state in ImportState:
        yield imports.imported(t, replace(view, imported=replace(imported, state=state)))
    yield imports.troubles(t, view)
    yield imports.columns(t, view)
    yield imports.columns(t, view, Field.PERSON)
    yield imports.help_(t)
