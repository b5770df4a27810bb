"""What Telegram finds in plain text by itself: links, mentions, commands, hashtags, addresses.

An approximation of Telegram's finder: top-level domains are a short list of common ones.
"""

import re
from collections.abc import Iterator
from typing import Final

from simulator.text.spans import Span

_DOMAIN: Final = (
    r"(?:[\w-]+\.)+(?:com|org|net|edu|info|dev|app|school|online|me|io|ru|by|kz|ua|uk|de|рф)\b"
)
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
        length = len(match[0].rstrip(_NOT_AT_THE_END) if kind == "url" else match[0])
        yield Span(kind, match.start(), match.start() + length)
