"""The outcomes that errors of the Bot API mean for a message."""

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

from bot.services.outbox.outcomes import Ended, Later, Moved, Outcome, Paused
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
    """Return the outcome that `error` means for the message that was being sent.

    A request that has `left` this machine may have been accepted and is never repeated
    automatically: the Bot API has no idempotency key, so the student might read the message twice.
    `left` is False also for a request whose repetition does no harm.
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
    """Return the outcome of a request that a stop of the program interrupted."""
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
    """Return a delay that doubles with each try up to 10 minutes, with jitter between replicas."""
    delay = min(timedelta(seconds=2**tries), _LONGEST_BACKOFF)
    return delay * random.uniform(0.5, 1)  # noqa: S311
