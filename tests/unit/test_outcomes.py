"""The outcome of a message for each error of the Bot API."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import SendMessage

from bot.services.outbox.delivery import MOST_ATTEMPTS
from bot.services.outbox.outcomes import Ended, Later, Moved, Outcome, Paused
from bot.workers.outcomes import is_done_already, outcome_of
from db.models.bookings import Reachability
from db.models.outbox import MessageState, Reason

SEND = SendMessage(chat_id=13, text="Welcome")
WAITING, FAILED, UNKNOWN = MessageState.WAITING, MessageState.FAILED, MessageState.UNKNOWN
REFUSED = Ended(FAILED, Reason.REFUSED)


def after(error: AiogramError, *, left: bool = True, tries: int = 1) -> Outcome:
    return outcome_of(error, left=left, tries=tries)


@pytest.mark.parametrize(
    ("kind", "words", "outcome"),
    [
        (
            TelegramForbiddenError,
            "Forbidden: bot was blocked by the user",
            Ended(WAITING, Reason.BLOCKED, Reachability.BLOCKED),
        ),
        (
            TelegramForbiddenError,
            "Forbidden: bot can't initiate conversation with a user",
            Ended(WAITING, Reason.NEVER_STARTED, Reachability.NEVER_STARTED),
        ),
        (
            TelegramForbiddenError,
            "Forbidden: user is deactivated",
            Ended(FAILED, Reason.DEACTIVATED, Reachability.DEACTIVATED),
        ),
        (
            TelegramBadRequest,
            "Bad Request: chat not found",
            Ended(WAITING, Reason.NO_CHAT, Reachability.NEVER_STARTED),
        ),
        (TelegramBadRequest, "Bad Request: can't parse entities", REFUSED),
        (
            TelegramForbiddenError,
            "Forbidden: bot was kicked from the supergroup chat",
            Ended(FAILED, Reason.FORBIDDEN),
        ),
        (TelegramNotFound, "Not Found", REFUSED),
        (TelegramConflictError, "Conflict", REFUSED),
    ],
)
def test_a_refusal_says_what_to_do(
    kind: Callable[..., TelegramAPIError], words: str, outcome: Outcome
) -> None:
    assert after(kind(SEND, words)) == outcome


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (TelegramUnauthorizedError, Reason.TOKEN),
        (TelegramServerError, Reason.TELEGRAM_DOWN),
    ],
)
def test_what_passes_by_itself_is_tried_again(
    kind: Callable[..., TelegramAPIError], reason: Reason
) -> None:
    outcome = after(kind(SEND, "something passing"))

    assert isinstance(outcome, Later)
    assert outcome.reason is reason


def test_a_group_that_became_another_chat_is_followed_there() -> None:
    assert after(TelegramMigrateToChat(SEND, "migrated", -100)) == Moved(-100)


def test_telegram_says_how_long_to_wait_and_that_is_a_pause_for_all() -> None:
    error = TelegramRetryAfter(SEND, "Too Many Requests", retry_after=7)

    assert after(error) == Paused(timedelta(seconds=7))


@pytest.mark.parametrize(
    "error",
    [TelegramNetworkError(SEND, "refused"), ClientDecodeError("no JSON", ValueError(), "<html>")],
)
def test_a_request_that_has_surely_done_nothing_is_sent_later(error: AiogramError) -> None:
    outcome = after(error, left=False)

    assert isinstance(outcome, Later)
    assert outcome.reason is Reason.TELEGRAM_DOWN


def test_a_request_that_may_have_arrived_is_never_repeated() -> None:
    outcome = after(TelegramNetworkError(SEND, "reset"), left=True)

    assert outcome == Ended(UNKNOWN, Reason.NO_ANSWER)


@pytest.mark.parametrize("attempts", range(1, MOST_ATTEMPTS + 1))
def test_attempts_lie_further_and_further_apart_up_to_ten_minutes(attempts: int) -> None:
    delays = [
        outcome.delay.total_seconds()
        for _ in range(100)
        if isinstance(outcome := after(TelegramServerError(SEND, ""), tries=attempts), Later)
    ]

    longest = min(2**attempts, 600)
    assert longest / 2 <= min(delays) < max(delays) <= longest


def test_an_answer_that_cannot_be_read_may_say_that_it_was_sent() -> None:
    error = ClientDecodeError("no JSON", ValueError(), "<html>")

    assert after(error) == Ended(UNKNOWN, Reason.NO_ANSWER)


@pytest.mark.parametrize(
    ("words", "done"),
    [
        ("Bad Request: message is not modified: specified new message content", True),
        ("Bad Request: message to delete not found", True),
        ("Bad Request: message to edit not found", False),
        ("Bad Request: chat not found", False),
    ],
)
def test_an_edit_that_was_made_and_a_message_that_is_gone_are_done(words: str, done: bool) -> None:
    assert is_done_already(TelegramBadRequest(SEND, words)) is done


def every_kind(error: type[TelegramAPIError]) -> list[type[TelegramAPIError]]:
    return [error, *(kind for subclass in error.__subclasses__() for kind in every_kind(subclass))]


@pytest.mark.parametrize("kind", every_kind(TelegramAPIError))
def test_every_error_there_is_has_an_outcome(kind: type[TelegramAPIError]) -> None:
    more: dict[type[TelegramAPIError], Callable[[], TelegramAPIError]] = {
        TelegramRetryAfter: lambda: TelegramRetryAfter(SEND, "", 1),
        TelegramMigrateToChat: lambda: TelegramMigrateToChat(SEND, "", 1),
    }
    make: Callable[..., TelegramAPIError] = kind
    error = more.get(kind, lambda: make(SEND, ""))()

    assert isinstance(after(error), Ended | Later | Paused | Moved)
