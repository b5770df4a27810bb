"""Pauses that Telegram asks for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.telegram.session import is_watched

_LONGEST_PAUSE: Final = timedelta(seconds=10)
"""A person who pressed a button does not wait longer for the answer."""


class PauseMiddleware(BaseRequestMiddleware):
    """Pause the bot's deliveries when Telegram asks for it, and retry after a short pause.

    Watched calls are those of deliveries, which postpone their message and pause the gate
    themselves.
    """

    def __init__(self, pause: Callable[[timedelta], Awaitable[None]]) -> None:
        """Take the call that pauses the bot's deliveries."""
        self._pause = pause

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            duration = timedelta(seconds=error.retry_after)
            if is_watched():
                raise
            await self._pause(duration)
            if duration > _LONGEST_PAUSE:
                raise
        await asyncio.sleep(duration.total_seconds())
        return await make_request(bot, method)
