"""What an error of the Bot API means for the message that was being sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeAlias

import aiohttp
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from db.models import MessageState, Reachability, Reason


@dataclass(frozen=True, slots=True)
class Ended:
    """The attempt was the last one, at least until something changes."""

    state: MessageState
    reason: Reason
    reachability: Reachability | None = None
    """What it says about the person."""


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was sent; it is worth another attempt."""

    reason: Reason
    delay: timedelta | None = None
    """As Telegram asked for; None: back off. What Telegram asked for is no attempt."""


Outcome: TypeAlias = Ended | Later

# Telegram has one code for all of these; the words are all that tells them apart.
_UNREACHABLE: Final[Mapping[str, tuple[Reason, Reachability]]] = {
    "bot was blocked by the user": (Reason.BLOCKED, Reachability.BLOCKED),
    "bot can't initiate conversation": (Reason.NEVER_STARTED, Reachability.NEVER_STARTED),
    "user is deactivated": (Reason.DEACTIVATED, Reachability.DEACTIVATED),
    "chat not found": (Reason.NO_CHAT, Reachability.NEVER_STARTED),
}


def outcome_of(error: Exception) -> Outcome:
    """Return what `error`, raised by sending a message, means.

    A request that may have been taken is never repeated by itself: the Bot API has no key
    that would keep the student from reading the message twice.
    """
    outcome: Outcome
    match error:
        case TelegramRetryAfter():
            outcome = Later(Reason.TOO_MANY_REQUESTS, timedelta(seconds=error.retry_after))
        case TelegramForbiddenError() | TelegramBadRequest():
            outcome = _refused(error)
        case TelegramUnauthorizedError():
            outcome = Later(Reason.TOKEN)
        case TelegramServerError():
            outcome = Later(Reason.TELEGRAM_DOWN)
        case TelegramNetworkError() if _never_left(error):
            outcome = Later(Reason.TELEGRAM_DOWN)
        case TelegramNetworkError() | ClientDecodeError():
            outcome = Ended(MessageState.UNKNOWN, Reason.NO_ANSWER)
        case _:
            outcome = Ended(MessageState.FAILED, Reason.REFUSED)
    return outcome


def _refused(error: TelegramAPIError) -> Ended:
    for words, (reason, reachability) in _UNREACHABLE.items():
        if words in error.message:
            final = reachability is Reachability.DEACTIVATED
            state = MessageState.FAILED if final else MessageState.WAITING
            return Ended(state, reason, reachability)
    return Ended(MessageState.FAILED, Reason.REFUSED)


def _never_left(error: TelegramNetworkError) -> bool:
    return isinstance(
        error.__cause__, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError
    )
