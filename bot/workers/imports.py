"""Reading and carrying out imports, and showing their progress."""

from datetime import UTC, datetime
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import EditMessageText

from bot.i18n import Translators
from bot.logs import told
from bot.running.repeat import AGAIN
from bot.screens.adding.imports import imported as screen
from bot.services.adding.importing import ImportRunService
from bot.telegram import speed
from bot.views.adding.imports import ImportView

_LOOK_SECONDS: Final = 5.0
"""The longest delay of an import whose notification was lost."""
_BREATH_SECONDS: Final = 1.0
"""The pause while another replica has the rest at hand."""

logger = structlog.get_logger(__name__)


class ImportWorker:
    """Carries out imports a second at a time; the message of the admin shows how far it is."""

    def __init__(self, service: ImportRunService, bot: Bot, translators: Translators) -> None:
        self._service = service
        self._bot = bot
        self._translators = translators

    async def run_once(self) -> float:
        """Do a part of an import, and return the seconds until the next call."""
        progress = await self._service.run(datetime.now(UTC))
        if progress is None:
            return _LOOK_SECONDS
        await self._show(progress.view)
        return AGAIN if progress.rows else _BREATH_SECONDS

    async def _show(self, view: ImportView) -> None:
        """Show the progress; the admin can press Refresh if Telegram does not take it."""
        shown_in = view.imported
        t = self._translators.of(shown_in.language, datetime.now(UTC))
        shown = screen(t, view)
        edit = speed.build_method(
            EditMessageText,
            chat_id=shown_in.chat_id,
            message_id=shown_in.message_id,
            text=shown.text,
            reply_markup=shown.markup,
        )
        try:
            await edit.as_(self._bot)
        except AiogramError as error:
            logger.info("the progress of an import is not shown", reason=told(error))
