"""Measuring updates, and calls to Telegram."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram import BaseMiddleware, Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import TelegramObject, Update
from aiogram.types.update import UpdateTypeLookupError

from bot.errors import DomainError
from bot.metrics import Meter
from db.errors import DatabaseUnavailable

_UNKNOWN: Final = "other"


class UpdateMeter(BaseMiddleware):
    """Measures the updates of one bot."""

    def __init__(self, meter: Meter, bot: str) -> None:
        self._meter = meter
        self._bot = bot

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401
        began, outcome = time.perf_counter(), "failed"
        try:
            answer = await handler(event, data)
            outcome = "ignored" if answer is UNHANDLED else "handled"
        except DomainError:
            outcome = "refused"
            raise
        except DatabaseUnavailable:
            outcome = "busy"
            raise
        except TelegramAPIError:
            outcome = "unanswered"
            raise
        else:
            return answer
        finally:
            seconds = time.perf_counter() - began
            self._meter.update(self._bot, _kind_of(event), outcome, seconds)


class CallMeter(BaseRequestMiddleware):
    """Measures the calls of a bot; `getUpdates` does not pass here."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        outcome = "cancelled"
        try:
            answer = await make_request(bot, method)
            outcome = "ok"
        except AiogramError as error:
            outcome = _outcome_of(error)
            if isinstance(error, TelegramRetryAfter):
                self._meter.pause(error.retry_after)
            raise
        else:
            return answer
        finally:
            self._meter.call(method.__api_method__, outcome)


def _outcome_of(error: AiogramError) -> str:
    match error:
        case TelegramRetryAfter():
            return "paused"
        case TelegramServerError() | TelegramNetworkError() | ClientDecodeError():
            return "unreached"
        case _:
            return "refused"


def _kind_of(event: TelegramObject) -> str:
    if not isinstance(event, Update):
        return _UNKNOWN
    try:
        return event.event_type
    except UpdateTypeLookupError:
        return _UNKNOWN
