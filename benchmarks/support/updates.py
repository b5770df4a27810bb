"""Updates as Telegram sends them."""

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

Json = Mapping[str, Any]

_DATE: Final = 1_700_000_000
_BOT: Final = {"id": 1001, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}
_ids: Final = count(1)


def command(person_id: int, text: str) -> Json:
    """Return a message of a person to the bot: a command, maybe with words after it."""
    name, *_ = text.split()
    return {
        "message_id": next(_ids),
        "from": _person(person_id),
        "chat": _chat(person_id),
        "date": _DATE,
        "text": text,
        "entities": [{"type": "bot_command", "offset": 0, "length": len(name)}],
    }


def document(person_id: int, size: int) -> Json:
    """Return a message of a person with a table of so many bytes."""
    return {
        "message_id": next(_ids),
        "from": _person(person_id),
        "chat": _chat(person_id),
        "date": _DATE,
        "document": {
            "file_id": "file",
            "file_unique_id": "file",
            "file_name": "students.csv",
            "mime_type": "text/csv",
            "file_size": size,
        },
    }


def press(person_id: int, screen: Json, data: str) -> Json:
    """Return a press of a button under a message of the bot, which may have its own number."""
    return {
        "id": str(next(_ids)),
        "from": _person(person_id),
        "chat_instance": "1",
        "data": data,
        "message": {
            "message_id": screen.get("message_id") or next(_ids),
            "from": _BOT,
            "chat": _chat(person_id),
            "date": _DATE,
            "text": screen["text"],
            "reply_markup": screen["reply_markup"],
        },
    }


def _person(person_id: int) -> Json:
    return {"id": person_id, "is_bot": False, "first_name": "Anna", "language_code": "en"}


def _chat(person_id: int) -> Json:
    return {"id": person_id, "type": "private", "first_name": "Anna"}
