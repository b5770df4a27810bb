"""The meaning of each of Telegram's refusals."""

import pytest
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import GetMe

from bot.telegram.refusals import Refusal, refusal_of


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ("Forbidden: bot was blocked by the user", Refusal.BLOCKED),
        ("Forbidden: Bot was blocked", Refusal.BLOCKED),
        ("Forbidden: USER_IS_BLOCKED", Refusal.BLOCKED),
        ("Forbidden: INPUT_USER_DEACTIVATED", Refusal.DEACTIVATED),
        ("Bad Request: PEER_ID_INVALID", Refusal.NO_CHAT),
        ("Bad Request: user not found", Refusal.NO_CHAT),
        ("Forbidden: bot can't initiate conversation with a user", Refusal.NEVER_STARTED),
        ("Forbidden: user is deactivated", Refusal.DEACTIVATED),
        ("Bad Request: chat not found", Refusal.NO_CHAT),
        (
            "Bad Request: message is not modified: specified new message content and reply markup"
            " are exactly the same as a current content and reply markup of the message",
            Refusal.SAME_SCREEN,
        ),
        ("Bad Request: message to edit not found", Refusal.NO_MESSAGE),
        ("Bad Request: message can't be edited", Refusal.NO_MORE_EDITS),
        (
            "Bad Request: query is too old and response timeout expired or query ID is invalid",
            Refusal.LATE_ANSWER,
        ),
        ("Bad Request: BUTTON_USER_PRIVACY_RESTRICTED", Refusal.HIDDEN_PROFILE),
        ("Bad Request: BUTTON_USER_INVALID", Refusal.HIDDEN_PROFILE),
        (
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to"
            " delete the webhook first",
            Refusal.WEBHOOK_IN_USE,
        ),
        ("Conflict: terminated by setWebhook request", Refusal.WEBHOOK_IN_USE),
        (
            "Conflict: terminated by other getUpdates request; make sure that only one bot"
            " instance is running",
            None,
        ),
        ("Bad Request: can't parse entities", None),
        ("Forbidden: bot was kicked from the supergroup chat", None),
    ],
)
def test_a_refusal_is_known_by_its_words(words: str, refusal: Refusal | None) -> None:
    assert refusal_of(TelegramAPIError(GetMe(), words)) is refusal
