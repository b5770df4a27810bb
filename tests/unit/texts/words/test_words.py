"""One thing has one name, in both languages."""

import re
from collections.abc import Mapping
from typing import Final

import pytest

from tests.unit.texts.test_locales import messages, texts_of

TYPED: Final = re.compile("(?:typed|read)-.*")
"""What people write and the desk only understands."""
#: Words that a better one has replaced, or that are misspelt.
AVOIDED: Final[Mapping[str, str]] = {
    "en": r"\w’\w|\bthe reader\b|\bshall\b|\bmeanwhile\b|\bsec\b",
    "ru": (
        r"\bкод(?:а|у|ом|е|ы|ов)?\b|извне|не здесь|стойк|менял\(а\)"
        r"|\b(?:еще|ее|нее|ждет|идет|придет|уйдет|пошлет|прочтет|счет|вернет|найдет|перешлет)\b"
    ),
}


def found(language: str, pattern: str) -> dict[str, list[str]]:
    """Return the words of texts that admins and students read, by text."""
    words = re.compile(pattern, re.IGNORECASE)
    every = {
        text_id: [word for text in texts_of(message) for word in words.findall(text)]
        for text_id, message in messages(language).items()
        if not TYPED.fullmatch(text_id)
    }
    return {text_id: there for text_id, there in every.items() if there}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_text_has_a_word_that_is_avoided(language: str) -> None:
    assert found(language, AVOIDED[language]) == {}


def test_every_button_of_undo_has_the_same_name_in_russian() -> None:
    undoing = {text_id for text_id in found("en", r"↩️ undo\b") if text_id.startswith("button-")}

    assert undoing >= {"button-undo", "button-bulk-undo", "button-review-undo"}
    assert undoing <= found("ru", "↩️ (?:вернуть )?как было").keys()
