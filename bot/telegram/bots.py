"""The bots of the desk: one for everybody, or one for admins and one for students."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import structlog
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from pydantic import SecretStr

from bot.settings import Settings
from bot.telegram.session import WatchedSession
from db.models.outbox import Sender

_RETRY_SECONDS: Final = 2.0

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bots:
    """The bot of the admins, and the bot that writes to students; they may be the same."""

    desk: Bot
    students: Bot
    sees_students: bool
    """Whether the updates of the students' bot come to the desk."""

    @property
    def is_one(self) -> bool:
        return self.students is self.desk

    @property
    def all(self) -> Sequence[Bot]:
        return [self.desk] if self.is_one else [self.desk, self.students]

    def senders(self, bot: Bot) -> Sequence[Sender]:
        """Return the senders whose messages go out with `bot`."""
        if self.is_one:
            return [Sender.DESK, Sender.STUDENTS]
        return [Sender.DESK] if bot is self.desk else [Sender.STUDENTS]

    def address(self, bot: Bot, url: str) -> str:
        """Return the webhook of the bot when the webhook of the desk is `url`."""
        return url if bot is self.desk else url.rstrip("/") + "/students"


@asynccontextmanager
async def open_bots(settings: Settings) -> AsyncIterator[Bots]:
    async with AsyncExitStack() as stack:

        async def open_bot(token: SecretStr) -> Bot:
            api = settings.telegram_api_url
            server = PRODUCTION if api is None else TelegramAPIServer.from_base(str(api))
            bot = Bot(
                token.get_secret_value(),
                session=WatchedSession(api=server),
                default=DefaultBotProperties(parse_mode=ParseMode.HTML),
            )
            return await stack.enter_async_context(bot)

        desk = await open_bot(settings.bot_token)
        other = settings.student_bot_token
        if other is None or other == settings.bot_token:
            yield Bots(desk, desk, sees_students=True)
        else:
            yield Bots(desk, await open_bot(other), sees_students=settings.student_bot_polling)


async def usernames(bots: Bots) -> Sequence[str | None]:
    """Return the bots' usernames, as soon as Telegram says them.

    Raises:
        TelegramAPIError: Telegram does not know a bot, or refuses to say.
    """
    return [await _username(bot) for bot in bots.all]


async def _username(bot: Bot) -> str | None:
    while True:
        try:
            return (await bot.me()).username
        except (TelegramNetworkError, TelegramServerError) as error:
            reason, seconds = error.message, _RETRY_SECONDS
        except TelegramRetryAfter as error:
            reason, seconds = error.message, float(error.retry_after)
        logger.warning("Telegram cannot be reached; trying again", reason=reason)
        await asyncio.sleep(seconds)
