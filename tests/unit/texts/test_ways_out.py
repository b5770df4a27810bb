"""No screen is a dead end, and none speaks Telegram's language instead of the reader's."""

import re
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from bot.i18n import Translator
from bot.screens.screen import Screen
from keyboards.payloads.bookings import NoticeCardButton
from keyboards.payloads.history import LogButton
from keyboards.payloads.lists import ListButton
from keyboards.payloads.outbox import MessagesButton
from keyboards.payloads.review import NoticeReviewButton
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
from tests.unit.texts.screens.many import bulk_screens

Screens = Callable[[Translator], Iterator[Screen]]
ROOTS: Final = frozenset(
    kind.__prefix__
    for kind in (ListButton, LogButton, MessagesButton, NoticeCardButton, NoticeReviewButton)
)
"""A button of this kind stands under the log, the outbox, a notice and a list, or leads to one."""
ENGLISH: Final = re.compile(
    r"\b(?:bad request|forbidden|unauthorized|too many requests|chat not found|blocked by the user"
    r"|user is deactivated|retry after|booking|stream|welcome|the|student|undo)\b",
    re.IGNORECASE,
)
KNOWN_IN_ALL: Final = re.compile(
    r"<[^>]*>|https://\S+|/\w+|stream:\S+|autumn-2026-weekends|vera_petrova"
)
"""Markup, commands, and what the school has written itself."""


@pytest.mark.parametrize(
    "screens",
    [cards, shown_lists, panels, histories, messages, reviews, bulk_screens, question_screens],
)
@pytest.mark.parametrize("t", [pytest.param(t, id=t.language) for t in TRANSLATORS.all(NOW)])
def test_no_screen_is_a_dead_end(t: Translator, screens: Screens) -> None:
    pages = {t.plain("button-previous"), t.plain("button-review-previous")}

    dead = [
        screen.text
        for screen in screens(t)
        if not ROOTS & prefixes(screen)
        and not any(label.startswith("‹ ") for label in set(labels(screen)) - pages)
    ]

    assert dead == []


def prefixes(screen: Screen) -> set[str]:
    rows = screen.markup["inline_keyboard"] if screen.markup else []
    return {each.get("callback_data", "").partition(":")[0] for row in rows for each in row}


@pytest.mark.parametrize(
    "screens",
    [
        *(cards, shown_lists, panels, histories, messages, reviews, bulk_screens),
        *(question_screens, unreached),
    ],
)
def test_a_russian_screen_has_no_english(screens: Screens) -> None:
    t = TRANSLATORS.of("ru", NOW)

    english = {
        word
        for screen in screens(t)
        for text in (screen.text, *labels(screen))
        for word in ENGLISH.findall(KNOWN_IN_ALL.sub("", text))
    }

    assert english == set()


def labels(screen: Screen) -> Iterator[str]:
    for row in screen.markup["inline_keyboard"] if screen.markup else []:
        for each in row:
            yield each["text"]
