"""What of a text can be seen."""

import re
import unicodedata
from typing import Final

_PLAIN: Final = re.compile("[ -~А-яЁё]*")
"""Characters that are visible; most texts have only these."""
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """Return the visible characters of a text in one line, normalized."""
    if _PLAIN.fullmatch(text):
        return " ".join(text.split())
    spaced = (" " if each.isspace() else each for each in unicodedata.normalize("NFC", text))
    shown = (each for each in spaced if unicodedata.category(each) not in _INVISIBLE)
    return " ".join("".join(shown).split())
