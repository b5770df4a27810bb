"""What an admin's message says about a booking that is to be added."""

import re
from typing import Final

from bot.errors import SearchEmpty
from bot.errors.adding import NameTooLong, PersonUnclear, PhoneNumber
from bot.services.visible import visible
from db.models.adding.drafts import Person

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
    words = visible(text)
    if not words:
        raise SearchEmpty
    if len(words) > longest:
        raise NameTooLong(longest)
    return words
