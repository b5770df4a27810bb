"""What an error of the Bot API means for the message that was being sent."""

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bot.services.outbox.delivery import Ended, Later, Moved, Outcome, Paused
from bot.telegram.refusals import Refusal, refusal_of
from db.models.bookings import Reachability
from db.models.outbox import MessageState, Reason

_LONGEST_BACKOFF: Final = timedelta(minutes=10)

_UNREACHABLE: Final[Mapping[Refusal | None, tuple[Reason, Reachability]]] = {
    Refusal.BLOCKED: (Reason.BLOCKED, Reachability.BLOCKED),
    Refusal.NEVER_STARTED: (Reason.NEVER_STARTED, Reachability.NEVER_STARTED),
    Refusal.DEACTIVATED: (Reason.DEACTIVATED, Reachability.DEACTIVATED),
    Refusal.NO_CHAT: (Reason.NO_CHAT, Reachability.NEVER_STARTED),
}
_DONE_ALREADY: Final = ("message is not modified", "message to delete not found")


def outcome_of(error: AiogramError, *, left: bool, tries: int) -> Outcome:
    """Return what `error`, raised by sending a message, means.

    A request that has `left` this machine may have been taken, and is never repeated by itself:
    the Bot API has no key that would keep the student from reading the message twice. Of one that
    does no harm the second time, say that it has not left.
    """
    outcome: Outcome
    match error:
        case TelegramRetryAfter():
            outcome = Paused(timedelta(seconds=error.retry_after))
        case TelegramMigrateToChat():
            outcome = Moved(error.migrate_to_chat_id)
        case TelegramForbiddenError() | TelegramBadRequest():
            outcome = _refused(error)
        case TelegramUnauthorizedError():
            outcome = Later(Reason.TOKEN, _backoff(tries))
        case TelegramServerError():
            outcome = Later(Reason.TELEGRAM_DOWN, _backoff(tries))
        case TelegramNetworkError() | ClientDecodeError() if not left:
            outcome = Later(Reason.TELEGRAM_DOWN, _backoff(tries))
        case TelegramNetworkError() | ClientDecodeError():
            outcome = Ended(MessageState.UNKNOWN, Reason.NO_ANSWER)
        case _:
            outcome = Ended(MessageState.FAILED, Reason.REFUSED)
    return outcome


def is_done_already(error: AiogramError) -> bool:
    """Whether an edit or a deletion is refused because an earlier one has been carried out."""
    return isinstance(error, TelegramBadRequest) and any(
        words in error.message for words in _DONE_ALREADY
    )


def outcome_of_stop(*, left: bool) -> Outcome:
    """Return what it means that the program was stopped before the request was answered."""
    if left:
        return Ended(MessageState.UNKNOWN, Reason.NO_ANSWER)
    return Later(Reason.TELEGRAM_DOWN, timedelta(0))


def _refused(error: TelegramAPIError) -> Ended:
    unreachable = _UNREACHABLE.get(refusal_of(error))
    if unreachable is None:
        forbidden = isinstance(error, TelegramForbiddenError)
        return Ended(MessageState.FAILED, Reason.FORBIDDEN if forbidden else Reason.REFUSED)
    reason, reachability = unreachable
    final = reachability is Reachability.DEACTIVATED
    return Ended(MessageState.FAILED if final else MessageState.WAITING, reason, reachability)


def _backoff(tries: int) -> timedelta:
    """Double with every try up to 10 minutes; the jitter keeps replicas from marching."""
    delay = min(timedelta(seconds=2**tries), _LONGEST_BACKOFF)
    return delay * random.uniform(0.5, 1)  # noqa: S311
