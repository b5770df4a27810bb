"""The pauses that Telegram asks for."""

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
"""Whoever pressed a button has turned away by then."""


class PauseMiddleware(BaseRequestMiddleware):
    """Wait out a short pause that Telegram asks of an answer to a person, and tell the gate.

    Deliveries are left alone: they give their message back and pause at the gate themselves.
    """

    def __init__(self, pause: Callable[[timedelta], Awaitable[None]]) -> None:
        """Take what makes the bot's deliveries pause, too."""
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
