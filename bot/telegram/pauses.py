"""Pauses that Telegram asks for."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeAlias

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.telegram.session import is_watched
from db.errors import DatabaseUnavailable

_LONGEST_PAUSE: Final = 10.0
"""Seconds; whoever pressed a button has turned away by then."""
_SEND: Final = "send"
"""How the methods begin that put something new into a chat."""

_Subject: TypeAlias = tuple[str, object]


class PauseMiddleware(BaseRequestMiddleware):
    """Wait out a short pause that Telegram asks of an answer to a person.

    It is about one method in one chat, so calls of that kind wait and no others; what is owed to
    the chat waits at its gate. A call that names no chat concerns nothing but itself. Deliveries
    are left alone: they give their message back and pause at the gates themselves.
    """

    def __init__(self, hold: Callable[[int, timedelta], Awaitable[None]]) -> None:
        """Take what makes the bot's deliveries to one chat pause, too."""
        self._hold = hold
        self._held: dict[_Subject, float] = {}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if is_watched():
            return await make_request(bot, method)
        if self._held:
            await self._wait(method)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            await self._note(method, error.retry_after)
            if error.retry_after > _LONGEST_PAUSE:
                raise
            await asyncio.sleep(error.retry_after)
        return await make_request(bot, method)

    async def _wait(self, method: TelegramMethod[TelegramType]) -> None:
        """Let a pause of this method in this chat end first.

        Raises:
            TelegramRetryAfter: it is too long to be waited for.
        """
        now = asyncio.get_running_loop().time()
        self._held = {subject: until for subject, until in self._held.items() if until > now}
        seconds = self._held.get(_subject_of(method), now) - now
        if seconds > _LONGEST_PAUSE:
            raise TelegramRetryAfter(method, "Too Many Requests", round(seconds))
        await asyncio.sleep(seconds)

    async def _note(self, method: TelegramMethod[TelegramType], seconds: float) -> None:
        name, chat_id = subject = _subject_of(method)
        if not isinstance(chat_id, int):
            return
        self._held[subject] = asyncio.get_running_loop().time() + seconds
        if name.startswith(_SEND):
            # Whoever is owed something hears of the pause again when that is sent.
            with suppress(DatabaseUnavailable):
                await self._hold(chat_id, timedelta(seconds=seconds))


def _subject_of(method: TelegramMethod[TelegramType]) -> _Subject:
    return method.__api_method__, vars(method).get("chat_id")
