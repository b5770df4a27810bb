"""How people, courses and streams are called on a screen, whatever they call themselves."""

import re
import unicodedata
from typing import Final

import regex

from db.models.audit import Placement
from db.models.bookings import Booking
from db.models.streams import Stream

NAME_LENGTH: Final = 32
#: Letters of which each is seen, stands alone and goes to the right: almost every name there is.
_PLAIN: Final = re.compile("[ -~А-яЁё]*")
_ZERO_WIDTH_JOINER: Final = "\u200d"
# Letters by their category, yet nothing is to be seen.
_BLANKS: Final = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
# Marks can be piled on one letter without end.
_LONGEST_GRAPHEME: Final = 12


def clean(text: str | None, length: int = NAME_LENGTH) -> str:
    """Return what can be seen of `text`, at most `length` characters of it as a reader counts.

    Control characters, among them those that turn the direction of all that follows, are
    dropped; right-to-left text is kept to itself. Nothing visible gives "".
    """
    if not text:
        return ""
    if _PLAIN.fullmatch(text):
        words = " ".join(text.split())
        return words if len(words) <= length else f"{words[: length - 1]}…"
    visible = "".join(map(_shown, text.translate(_BLANKS)))
    words = " ".join(visible.split())
    if not words.strip(_ZERO_WIDTH_JOINER + "\ufe0e\ufe0f "):
        return ""
    graphemes = [each[:_LONGEST_GRAPHEME] for each in regex.findall(r"\X", words)]
    if len(graphemes) > length:
        graphemes = [*graphemes[: length - 1], "…"]
    return _isolated("".join(graphemes))


def _shown(character: str) -> str:
    if character == _ZERO_WIDTH_JOINER:
        return character
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return " " if character.isspace() else ""
    return character


def _isolated(text: str) -> str:
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return f"\u2068{text}\u2069"
    return text


def student(booking: Booking, length: int = NAME_LENGTH) -> str:
    """Return the student's name, or the next best thing that is known."""
    return (
        clean(booking.first_name, length)
        or (username(booking) and clean(username(booking), length))
        or user_id(booking)
    )


def user_id(booking: Booking) -> str:
    """Return the student's number, or a dash while nobody knows whose booking it is."""
    return "—" if booking.user_id is None else str(booking.user_id)


def username(booking: Booking) -> str:
    """Return "@name", or "" when the student has none."""
    name = clean(booking.username)
    return f"@{name}" if name else ""


def course(booking: Booking | Placement, length: int = NAME_LENGTH) -> str:
    """Return the course's name, or its raw id; "" when the booking names none."""
    if booking.course_id is None:
        return ""
    return clean(booking.course_name, length) or f"#{booking.course_id}"


def stream(booking: Booking | Placement, length: int = NAME_LENGTH) -> str:
    """Return the stream's name, or its raw code; "" when the booking names none."""
    return clean(booking.stream_name, length) or clean(booking.course_stream, length)


def stream_title(stream: Stream, length: int = NAME_LENGTH) -> str:
    return clean(stream.name, length) or clean(stream.code, length) or f"#{stream.id}"
