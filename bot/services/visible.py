"""What of a text can be seen."""

import re
import unicodedata
from typing import Final

_PLAIN: Final = re.compile("[ -~А-яЁё]*")
"""Characters that are visible; most texts have only these."""
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_JOINERS: Final = frozenset("\u200c\u200d")


def visible(text: str) -> str:
    """Return the visible characters of a text in one line, normalized."""
    if _PLAIN.fullmatch(text):
        return " ".join(text.split())
    spaced = (" " if each.isspace() else each for each in unicodedata.normalize("NFC", text))
    shown = (each for each in spaced if unicodedata.category(each) not in _INVISIBLE)
    return " ".join("".join(shown).split())


def visible_lines(text: str) -> str:
    """Return the visible characters of a text with its lines; "" if nothing is visible.

    What joins characters stays: emoji and some scripts need it.
    """
    lines = ("".join(filter(_is_shown, line.expandtabs(1))).strip() for line in text.splitlines())
    return unicodedata.normalize("NFC", "\n".join(lines)).strip() if visible(text) else ""


def _is_shown(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _INVISIBLE
