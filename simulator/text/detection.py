"""What Telegram finds in plain text by itself: links, mentions, commands, hashtags, numbers.

An approximation of Telegram's finder: it knows every top-level domain, this one those of
countries and common others; numbers of phones are found where they begin with a plus.
"""

import re
from collections.abc import Iterator
from typing import Final

from simulator.text.domains import TOP_LEVEL
from simulator.text.spans import Span

_DOMAIN: Final = rf"(?:[\w-]+\.)+(?:{'|'.join(sorted(TOP_LEVEL, key=len, reverse=True))})\b"
# In this order: what an earlier pattern has taken, a later one leaves alone.
_PATTERNS: Final = {
    "url": re.compile(
        rf"(?<![\w@/.])(?:(?:https?|ftp|tg|ton|tonsite)://[^\s<>\"«»]+|{_DOMAIN}(?:[/?#:][^\s<>\"«»]*)?)",
        re.IGNORECASE,
    ),
    "email": re.compile(rf"(?<![\w.+-])[\w.+-]+@{_DOMAIN}", re.IGNORECASE),
    "mention": re.compile(r"(?<!\w)@[a-zA-Z0-9_]{3,32}(?!\w)"),
    "bot_command": re.compile(
        r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])"
    ),
    "cashtag": re.compile(r"(?<![$\w\u200c])\$(?:1INCH|[A-Z]{1,8})(?![$\w\u200c])"),
    "hashtag": re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}"),
    "phone_number": re.compile(r"(?<![\w+])\+[0-9](?:[ ()-]{0,2}[0-9]){9,14}(?![\w-])"),
    "bank_card_number": re.compile(r"(?<![+\w.,-])[2-689](?:[ -]?[0-9]){12,18}(?![\w-])"),
}
_NOT_AT_THE_END: Final = ".,:;!?)'\""


def detect(units: str) -> list[Span]:
    """Return the entities of plain text, none overlapping another."""
    found: list[Span] = []
    for kind, pattern in _PATTERNS.items():
        found += [
            span
            for span in _spans(kind, pattern, units)
            if not any(span.overlaps(other) for other in found)
        ]
    return found


def _spans(kind: str, pattern: re.Pattern[str], units: str) -> Iterator[Span]:
    for match in pattern.finditer(units):
        if kind == "bank_card_number" and not _is_card(match[0]):
            continue
        length = len(match[0].rstrip(_NOT_AT_THE_END) if kind == "url" else match[0])
        yield Span(kind, match.start(), match.start() + length)


def _is_card(text: str) -> bool:
    """Return whether the last digit proves the others, as Luhn has it."""
    digits = [int(digit) for digit in reversed(text) if digit.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
