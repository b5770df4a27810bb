"""Carrying out bulks, and showing their progress."""

from datetime import UTC, datetime
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import EditMessageText

from bot.i18n import Translators
from bot.logs import told
from bot.running.repeat import AGAIN
from bot.screens.backlog.bulks import bulk as screen
from bot.services.backlog.running import BulkRunService
from bot.telegram import speed
from bot.views.bulks import BulkView

_LOOK_SECONDS: Final = 5.0
"""The longest delay of a bulk whose notification was lost."""
_BREATH_SECONDS: Final = 1.0
"""The pause while another replica has the rest at hand."""

logger = structlog.get_logger(__name__)


class BulkWorker:
    """Carries out bulks row by row; the message of the admin who began one shows how far it is."""

    def __init__(self, service: BulkRunService, bot: Bot, translators: Translators) -> None:
        self._service = service
        self._bot = bot
        self._translators = translators

    async def run_once(self) -> float:
        """Carry out some rows, and return the seconds until the next call."""
        progress = await self._service.run()
        if progress is None:
            return _LOOK_SECONDS
        await self._show(progress.view)
        return AGAIN if progress.rows else _BREATH_SECONDS

    async def _show(self, view: BulkView) -> None:
        """Show the progress; the admin can press Refresh if Telegram does not take it."""
        bulk = view.bulk
        t = self._translators.of(bulk.language, datetime.now(UTC))
        shown = screen(t, view)
        edit = speed.build_method(
            EditMessageText,
            chat_id=bulk.chat_id,
            message_id=bulk.message_id,
            text=shown.text,
            reply_markup=shown.markup,
        )
        try:
            await edit.as_(self._bot)
        except AiogramError as error:
            logger.info("the progress of a bulk is not shown", bulk=bulk.id, reason=told(error))
