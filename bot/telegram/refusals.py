"""Telegram's refusals, which share error codes and differ only in their words."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from aiogram.exceptions import TelegramAPIError


class Refusal(StrEnum):
    """A refusal that the program knows, by the words that all its wordings share."""

    BLOCKED = "bot was blocked"
    NEVER_STARTED = "bot can't initiate conversation"
    DEACTIVATED = "user is deactivated"
    NO_CHAT = "chat not found"
    SAME_SCREEN = "message is not modified"
    """An edit that changes nothing."""
    NO_MESSAGE = "message to edit not found"
    NO_MORE_EDITS = "message can't be edited"
    LATE_ANSWER = "query is too old"
    """An answer to a press or an inline query that is late, or the second one."""
    HIDDEN_PROFILE = "button_user"
    """A button with a link to a person whose privacy settings forbid it."""
    WEBHOOK_IN_USE = "webhook"
    """The answer to a poll while a webhook is set, or when one is set meanwhile."""
    LARGE_FILE = "file is too big"
    """A file that Telegram does not let a bot download."""


_OTHER_WORDINGS: Final[Mapping[str, Refusal]] = {
    "user_is_blocked": Refusal.BLOCKED,
    "input_user_deactivated": Refusal.DEACTIVATED,
    "user not found": Refusal.NO_CHAT,
    "peer_id_invalid": Refusal.NO_CHAT,
}
"""Names of Telegram's own errors, which the Bot API does not always put into words."""


def refusal_of(error: TelegramAPIError) -> Refusal | None:
    """Return the refusal that the error is; None for an unknown one."""
    words = error.message.lower()
    known = next((refusal for refusal in Refusal if refusal in words), None)
    return known or next((each for other, each in _OTHER_WORDINGS.items() if other in words), None)
