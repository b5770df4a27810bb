"""Carrying out bulks and imports, and showing how far they are."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final, Generic, Protocol, TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import EditMessageText

from bot.i18n import Translator, Translators
from bot.logs import told
from bot.running.repeat import AGAIN
from bot.screens.screen import Screen
from bot.telegram import speed
from bot.views.progress import Progress

_LOOK_SECONDS: Final = 5.0
"""The longest delay of a work whose notification was lost."""
_BREATH_SECONDS: Final = 1.0
"""The pause while another replica has the rest at hand."""

V = TypeVar("V")

logger = structlog.get_logger(__name__)


class Begun(Protocol):
    """A work with the message of the admin who began it."""

    @property
    def id(self) -> int: ...
    @property
    def chat_id(self) -> int | None: ...
    @property
    def message_id(self) -> int | None: ...
    @property
    def language(self) -> str | None: ...


class ProgressWorker(Generic[V]):
    """Carries a work out part by part; the message of whoever began it shows how far it is."""

    def __init__(
        self,
        run: Callable[[], Awaitable[Progress[V] | None]],
        *,
        work: Callable[[V], Begun],
        draw: Callable[[Translator, V], Screen],
        bot: Bot,
        translators: Translators,
    ) -> None:
        """Do a part with `run`, which returns None if there is nothing to do."""
        self._run = run
        self._work = work
        self._draw = draw
        self._bot = bot
        self._translators = translators

    async def run_once(self) -> float:
        """Do a part, and return the seconds until the next call."""
        progress = await self._run()
        if progress is None:
            return _LOOK_SECONDS
        await self._show(progress.view)
        return AGAIN if progress.rows else _BREATH_SECONDS

    async def _show(self, view: V) -> None:
        """Show the progress; the admin can press Refresh if Telegram does not take it."""
        work = self._work(view)
        screen = self._draw(self._translators.of(work.language, datetime.now(UTC)), view)
        edit = speed.build_method(
            EditMessageText,
            chat_id=work.chat_id,
            message_id=work.message_id,
            text=screen.text,
            reply_markup=screen.markup,
        )
        try:
            await edit.as_(self._bot)
        except AiogramError as error:
            kind = type(work).__name__.lower()
            logger.info("the progress is not shown", work=kind, id=work.id, reason=told(error))
