"""What each error of the Bot API means for the message that was being sent."""

from collections.abc import Callable
from datetime import timedelta

import aiohttp
import pytest
from aiogram.exceptions import (
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

from bot.workers.outcomes import Ended, Later, Outcome, outcome_of
from db.models import MessageState, Reachability, Reason

SEND = SendMessage(chat_id=13, text="Welcome")
WAITING, FAILED, UNKNOWN = MessageState.WAITING, MessageState.FAILED, MessageState.UNKNOWN
REFUSED = Ended(FAILED, Reason.REFUSED)
KEY = aiohttp.client_reqrep.ConnectionKey("api.telegram.org", 443, True, True, None, None, None)


def network_error(cause: BaseException) -> TelegramNetworkError:
    error = TelegramNetworkError(SEND, "HTTP Client says - something")
    error.__cause__ = cause
    return error


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
        (TelegramForbiddenError, "Forbidden: something new", REFUSED),
        (TelegramNotFound, "Not Found", REFUSED),
        (TelegramConflictError, "Conflict", REFUSED),
        (TelegramUnauthorizedError, "Unauthorized", Later(Reason.TOKEN)),
        (TelegramServerError, "Bad Gateway", Later(Reason.TELEGRAM_DOWN)),
    ],
)
def test_a_refusal_says_what_to_do(
    kind: Callable[..., TelegramAPIError], words: str, outcome: Outcome
) -> None:
    assert outcome_of(kind(SEND, words)) == outcome


def test_a_chat_that_became_another_is_not_followed() -> None:
    assert outcome_of(TelegramMigrateToChat(SEND, "migrated", -100)) == REFUSED


def test_telegram_says_how_long_to_wait() -> None:
    error = TelegramRetryAfter(SEND, "Too Many Requests", retry_after=7)

    assert outcome_of(error) == Later(Reason.TOO_MANY_REQUESTS, timedelta(seconds=7))


@pytest.mark.parametrize(
    "cause",
    [
        aiohttp.ClientConnectorError(KEY, OSError(111, "refused")),
        aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown name")),
        aiohttp.ConnectionTimeoutError(),
    ],
)
def test_a_request_that_never_left_is_sent_later(cause: Exception) -> None:
    assert outcome_of(network_error(cause)) == Later(Reason.TELEGRAM_DOWN)


@pytest.mark.parametrize(
    "cause",
    [
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "reset"),
        aiohttp.SocketTimeoutError(),
        TimeoutError(),
    ],
)
def test_a_request_that_may_have_arrived_is_never_repeated(cause: Exception) -> None:
    assert outcome_of(network_error(cause)) == Ended(UNKNOWN, Reason.NO_ANSWER)


def test_an_answer_that_cannot_be_read_may_say_that_it_was_sent() -> None:
    error = ClientDecodeError("no JSON", ValueError(), "<html>")

    assert outcome_of(error) == Ended(UNKNOWN, Reason.NO_ANSWER)


def every_kind(error: type[TelegramAPIError]) -> list[type[TelegramAPIError]]:
    return [error, *(each for kind in error.__subclasses__() for each in every_kind(kind))]


@pytest.mark.parametrize("kind", every_kind(TelegramAPIError))
def test_every_error_there_is_has_an_outcome(kind: type[TelegramAPIError]) -> None:
    more: dict[type[TelegramAPIError], Callable[[], TelegramAPIError]] = {
        TelegramRetryAfter: lambda: TelegramRetryAfter(SEND, "", 1),
        TelegramMigrateToChat: lambda: TelegramMigrateToChat(SEND, "", 1),
    }
    make: Callable[..., TelegramAPIError] = kind
    error = more.get(kind, lambda: make(SEND, ""))()

    assert isinstance(outcome_of(error), Ended | Later)
