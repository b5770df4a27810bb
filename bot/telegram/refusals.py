"""What Telegram's refusals mean: it has one code for many, and only its words tell them apart."""

from enum import StrEnum

from aiogram.exceptions import TelegramAPIError


class Refusal(StrEnum):
    """A refusal that the program knows, by the words that every wording of it has."""

    BLOCKED = "bot was blocked by the user"
    NEVER_STARTED = "bot can't initiate conversation"
    DEACTIVATED = "user is deactivated"
    NO_CHAT = "chat not found"
    SAME_SCREEN = "message is not modified"
    """An edit that changes nothing."""
    NO_MESSAGE = "message to edit not found"
    NO_MORE_EDITS = "message can't be edited"
    LATE_ANSWER = "query is too old"
    """An answer to a press or an inline query that comes after some seconds, or a second time."""
    HIDDEN_PROFILE = "button_user"
    """A button with a link to somebody who lets nobody link to their profile."""
    WEBHOOK_IN_USE = "webhook"
    """The answer to a poll while a webhook is set, or when one is set in its middle."""


def refusal_of(error: TelegramAPIError) -> Refusal | None:
    """Return what the error means; None: nothing that the program knows."""
    said = error.message.lower()
    return next((refusal for refusal in Refusal if refusal in said), None)
