"""A table of bookings, which an admin sends to the desk."""

from datetime import UTC, datetime
from typing import Final

from bot.demo import cast
from simulator import Telegram

_FIRST_ID: Final = 401
_NAMES: Final = ("Marta", "Илья", "Owen", "Camille", "Полина", "Yusuf")
_HEAD: Final = "telegram id;name;course;stream;status;date;promo code;discount"
_HINT: Final = (
    "Anna has sent a table of bookings. The bot says what it has read and what it leaves out: "
    "press Add under it. Nothing of it is for good, Take back removes all."
)


def send_table(telegram: Telegram) -> None:
    """Let Anna send the table; whom it names has begun a chat with the bot."""
    [desk] = telegram.bots.values()
    for number, name in enumerate(_NAMES, start=_FIRST_ID):
        if number not in telegram.people:
            person = telegram.add_person(number, name, language_code=cast.language_of(name))
            telegram.open(desk, person.account)
    content = "\n".join(_lines(datetime.now(UTC))).encode()
    telegram.people[cast.ANNA].send_document(desk, content, "bookings.csv")
    telegram.advise(_HINT)


def _lines(now: datetime) -> list[str]:
    """Return six bookings that can be added, one that is there, and one of nobody."""
    rest = f"Vibe coding;9th_stream;pending;{now:%d.%m.%Y};FRIEND10;10"
    good = [f"{number};{name};{rest}" for number, name in enumerate(_NAMES, start=_FIRST_ID)]
    return [_HEAD, *good, f"112;Priya;{rest}", f"+49 30 12345;Somebody;{rest}"]
