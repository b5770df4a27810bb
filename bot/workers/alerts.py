"""Telling the staff without the outbox, whose database is away."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError

from bot.i18n import Translators
from bot.screens.notices import alert as screen_of
from bot.views.alerts import Alert

_SECONDS: Final = 20
"""The most for all chats together; meanwhile nobody looks whether the database is back."""

logger = structlog.get_logger(__name__)


class StraightAlerts:
    """Tells alerts at once, as far as Telegram lets it; nothing is tried again."""

    def __init__(self, bot: Bot, translators: Translators) -> None:
        self._bot = bot
        self._translators = translators

    async def tell(self, alert: Alert, languages: Mapping[int, str | None]) -> bool:
        """Tell it to each chat in its language; return whether anybody has heard it."""
        heard = False
        try:
            async with asyncio.timeout(_SECONDS):
                for chat_id, language in languages.items():
                    heard |= await self._told(alert, chat_id, language)
        except TimeoutError:
            logger.warning("not everybody is told of trouble", trouble=alert.trouble)
        return heard

    async def _told(self, alert: Alert, chat_id: int, language: str | None) -> bool:
        t = self._translators.of(language, datetime.now(UTC))
        try:
            await self._bot.send_message(chat_id, screen_of(t, alert, waiting=0).text)
        except AiogramError as error:
            logger.warning("not told of trouble", chat=chat_id, reason=error)
            return False
        return True
