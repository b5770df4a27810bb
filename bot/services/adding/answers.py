"""What an admin's message says about a booking that is to be added."""

import re
import unicodedata
from typing import Final

from bot.errors import NameTooLong, PersonUnclear, PhoneNumber, SearchEmpty
from db.models.adding import Person

MOST_DIGITS: Final = 10
"""Telegram's numbers of people have no more yet; a telephone's with its country has."""
LONGEST_CODE: Final = 50
"""Characters of a stream's code, which `bookings.course_stream` has room for."""
LONGEST_NAME: Final = 64
"""Characters of a course's name."""
_USERNAME: Final = re.compile(
    r"(?:@|(?:https?://)?(?:www\.)?(?:t|telegram)\.me/)([A-Za-z0-9_]{2,32})/?", re.IGNORECASE
)
_ID: Final = re.compile(r"(?:(?:id|tg://user\?id=)\s?)?([1-9][0-9]*)", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?[0-9()\s.-]+")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def who(text: str) -> Person | str:
    """Return the person with the number that was written, or else the username.

    Raises:
        PhoneNumber: it is the number of a telephone.
        PersonUnclear: it is something else.
    """
    written = text.strip()
    if number := _ID.fullmatch(written):
        if len(number[1]) > MOST_DIGITS:
            raise PhoneNumber
        return Person(user_id=int(number[1]))
    if username := _USERNAME.fullmatch(written):
        return username[1]
    raise PhoneNumber if _PHONE.fullmatch(written) else PersonUnclear


def name(text: str, longest: int) -> str:
    """Return the visible characters of a name that was written, in one line.

    Raises:
        SearchEmpty, NameTooLong: there are none, or more than `longest`.
    """
    spaced = (" " if each.isspace() else each for each in unicodedata.normalize("NFC", text))
    visible = (each for each in spaced if unicodedata.category(each) not in _INVISIBLE)
    words = " ".join("".join(visible).split())
    if not words:
        raise SearchEmpty
    if len(words) > longest:
        raise NameTooLong(longest)
    return words
