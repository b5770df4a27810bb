"""What of an admin's words is kept: what can be seen, with its lines."""

import pytest

from bot.services.visible import visible_lines

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("one\r\n\n two \t", "one\n\ntwo"),
        ("\u202etxt\u202c\u2066.exe\u2069\x00\x1b", "txt.exe"),
        (FAMILY, FAMILY),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("e\u0301", "\u00e9"),
        ("\u200b\u200d\u2060", ""),
        ("\n \n", ""),
    ],
)
def test_what_cannot_be_seen_is_dropped_but_lines_and_joiners_stay(
    written: str, kept: str
) -> None:
    assert visible_lines(written) == kept
