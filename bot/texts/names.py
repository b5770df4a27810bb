"""Names of people, courses and streams, made safe to show on a screen."""

import re
import unicodedata
from typing import Final

import regex

from bot.i18n import Translator
from db.models.audit import Placement
from db.models.bookings import Booking
from db.models.streams import Stream

NAME_LENGTH: Final = 32
_SHORTEST_PLACEMENT: Final = 5
_NO_USERNAME: Final = frozenset({"none", "null"})
#: Characters that are visible, stand alone and run left to right; most names have only these.
_PLAIN: Final = re.compile("[ -~А-яЁё]*")
_ZERO_WIDTH_JOINER: Final = "\u200d"
# Unicode calls these characters letters or symbols, but they are invisible.
_BLANKS: Final = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
# Code points; one letter can carry any number of combining marks.
_LONGEST_GRAPHEME: Final = 12


def clean(text: str | None, length: int = NAME_LENGTH) -> str:
    """Return the visible part of `text`, at most `length` graphemes; "" if nothing is visible.

    Control characters are dropped, also those that change the direction of the text behind them.
    Right-to-left text is isolated from the text around it.
    """
    if not text:
        return ""
    if _PLAIN.fullmatch(text):
        words = " ".join(text.split())
        return words if len(words) <= length else f"{words[: length - 1]}…"
    visible = "".join(map(_visible, text.translate(_BLANKS)))
    words = " ".join(visible.split())
    if not words.strip(_ZERO_WIDTH_JOINER + "\ufe0e\ufe0f "):
        return ""
    graphemes = [grapheme[:_LONGEST_GRAPHEME] for grapheme in regex.findall(r"\X", words)]
    if len(graphemes) > length:
        graphemes = [*graphemes[: length - 1], "…"]
    return _isolated("".join(graphemes))


def _visible(character: str) -> str:
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


def student(t: Translator, booking: Booking, length: int = NAME_LENGTH) -> str:
    """Return the student's name, or else the username, or else the id, as plain text."""
    return called(booking, length) or t.plain("student-nameless", id=user_id(booking))


def called(booking: Booking, length: int = NAME_LENGTH) -> str:
    """Return the student's name, or else the username; "" for neither.

    A number is no name, because it reads like an id.
    """
    name = clean(booking.first_name, length)
    if name and not name.isdecimal():
        return name
    return username(booking) and clean(username(booking), length)


def user_id(booking: Booking) -> str:
    """Return the student's number, or a dash while nobody knows whose booking it is."""
    return "—" if booking.user_id is None else str(booking.user_id)


def username(booking: Booking) -> str:
    """Return "@name", or "" if the student has no username."""
    return at(booking.username)


def at(written: str | None) -> str:
    """Return a username with its sign; "" for none."""
    name = clean(bare_username(written))
    return f"@{name}" if name else ""


def bare_username(written: str | None) -> str:
    """Return a username without its sign; "" for none, which other programs may write as words."""
    name = (written or "").strip().lstrip("@")
    return "" if name.lower() in _NO_USERNAME else name


def course(booking: Booking | Placement, length: int = NAME_LENGTH) -> str:
    """Return the name of the course, or else its id; "" if there is no course."""
    if booking.course_id is None:
        return ""
    return clean(booking.course_name, length) or f"#{booking.course_id}"


def stream(booking: Booking | Placement, length: int = NAME_LENGTH) -> str:
    """Return the name of the stream, or else its code; "" if there is no stream."""
    return clean(booking.stream_name, length) or clean(booking.course_stream, length)


def placement(booking: Booking | Placement, length: int) -> str:
    """Return "course: stream" if both have names and fit, or else the stream, or the course.

    Returns:
        "" if there is neither, or no room for what can be read.
    """
    if length < _SHORTEST_PLACEMENT:
        return ""
    whole = f"{clean(booking.course_name)}: {stream(booking)}"
    if clean(booking.course_name) and stream(booking) and len(whole) <= length:
        return whole
    return stream(booking, length) or course(booking, length)


def stream_title(stream: Stream, length: int = NAME_LENGTH) -> str:
    return clean(stream.name, length) or clean(stream.code, length) or f"#{stream.id}"
