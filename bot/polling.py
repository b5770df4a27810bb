"""Fetching updates: one replica at a time asks Telegram, which allows one only."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final, NoReturn

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import AiogramError, TelegramConflictError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.workers.loop import Work
from db.database import Database
from db.turn import Turn

_CONFLICT: Final = "TelegramConflictError"
_WEBHOOK: Final = "webhook"
_EXPLANATION: Final = (
    "another program polls this bot as well, and Telegram serves one at a time: stop that one, or"
    " leave STUDENT_BOT_POLLING out where the school's own bot polls; trying again"
)
_RETRY_SECONDS: Final = 2

logger = structlog.get_logger(__name__)


def polling(db: Database, bot: Bot, dispatcher: Dispatcher) -> Sequence[Work]:
    """Return what polls the bot on one replica at a time."""
    turn = Turn(db, f"polling {bot.id}")
    bot.session.middleware(WebhookRemover())
    return [turn.keep, partial(poll, dispatcher, bot, turn)]


async def poll(dispatcher: Dispatcher, bot: Bot, turn: Turn) -> NoReturn:
    """Poll whenever it is this replica's turn, until cancelled; errors are retried for ever."""
    while True:
        await turn.begun.wait()
        async with asyncio.TaskGroup() as tasks:
            polling = tasks.create_task(_poll(dispatcher, bot))
            try:
                await turn.ended.wait()
            finally:
                # aiogram polls in a task of its own, which only a stop ends; it refuses to stop
                # what has not begun, and then there is only ours.
                with suppress(RuntimeError):
                    await dispatcher.stop_polling()
                polling.cancel()


async def _poll(dispatcher: Dispatcher, bot: Bot) -> None:
    await _without_webhook(bot)
    await dispatcher.start_polling(
        bot,
        # Telegram remembers the last list it was given, so it is always given.
        allowed_updates=dispatcher.resolve_used_update_types(),
        handle_signals=False,
        close_bot_session=False,
    )


async def _without_webhook(bot: Bot) -> None:
    """Remove a webhook, which would keep every update from who polls."""
    while True:
        try:
            await bot.delete_webhook(drop_pending_updates=False)
        except AiogramError as error:
            logger.warning("polling has not begun", reason=str(error))
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return


class WebhookRemover(BaseRequestMiddleware):
    """Polling wins: while a desk with a webhook hands over, it may have set that again."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        try:
            return await make_request(bot, method)
        except TelegramConflictError as error:
            if _WEBHOOK not in error.message.lower():
                raise
        logger.warning("a webhook was set and is removed, for this program polls", bot=bot.id)
        await bot.delete_webhook(drop_pending_updates=False)
        return await make_request(bot, method)


class ExplainConflict(logging.Filter):
    """Say what a 409 means, in the place of what aiogram says about it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.args and _CONFLICT in map(str, record.args):
            record.msg, record.args = _EXPLANATION, ()
        return True
