"""Every label can be read on a phone: none is wider than its place in a row."""

import unicodedata
from typing import Any, Final

import pytest

from bot.i18n import Translator
from bot.screens import outbox
from db.models.outbox import GroupKey, MessageGroup, MessageState, Reason
from tests.unit.texts.screens.adding import by_hand_screens, import_screens
from tests.unit.texts.screens.asking import question_screens
from tests.unit.texts.screens.every import (
    NOW,
    TRANSLATORS,
    cards,
    histories,
    messages,
    panels,
    reviews,
    shown_lists,
    unreached,
)
from tests.unit.texts.screens.many import bulk_pages, bulk_screens

ROW: Final = 326
"""Pixels of a row of buttons under a wide text, on a phone of 390."""
ROW_OF_CARD: Final = 300
"""A card may have only short lines, and its buttons are as wide as its text."""
GAP: Final = 4
PADDING: Final = 12
NARROW: Final = frozenset("fijlrtI.,:;|!'·‹›1 ()[]")
WIDE: Final = frozenset("✓mwMWжшщюыфмъЖШЩЮЫФМ@%…")


def width(label: str) -> float:
    """Return about how many pixels a label takes in letters of 15."""
    return sum(map(_width, label))


def _width(char: str) -> float:
    if char in "\ufe0f\u2068\u2069":
        return 0
    if char in WIDE:
        return 11.5
    if unicodedata.category(char) == "So" or unicodedata.east_asian_width(char) in "WF":
        return 20
    if char in NARROW:
        return 4.6
    return 9.6 if char.isupper() else 8.2


@pytest.mark.parametrize(
    ("screens", "width_of_row"),
    [
        *(
            (each, ROW_OF_CARD)
            for each in (
                cards,
                reviews,
                bulk_screens,
                question_screens,
                by_hand_screens,
                import_screens,
            )
        ),
        *(
            (each, ROW)
            for each in (shown_lists, bulk_pages, panels, histories, messages, unreached)
        ),
    ],
)
@pytest.mark.parametrize("t", [pytest.param(t, id=t.language) for t in TRANSLATORS.all(NOW)])
def test_every_label_fits_its_place_in_the_row(
    t: Translator, screens: Any, width_of_row: int
) -> None:
    cut = {
        button["text"]: round(width(button["text"]) - place)
        for screen in screens(t)
        for row in screen.markup["inline_keyboard"]
        for place in [(width_of_row - GAP * (len(row) - 1)) / len(row) - PADDING]
        for button in row
        if width(button["text"]) > place
    }

    assert cut == {}


@pytest.mark.parametrize("t", TRANSLATORS.all(NOW))
def test_the_count_of_a_group_is_never_cut(t: Translator) -> None:
    group = MessageGroup(key=GroupKey(MessageState.WAITING, Reason.NO_CHAT), count=9999)
    screen = outbox.outbox(t, [group])

    assert screen.markup
    assert screen.markup["inline_keyboard"][0][0]["text"].startswith("📪 9999 · ")
