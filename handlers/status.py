"""/status: the state of the database, the bots and the queue, and the last error."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command
from aiogram.types import Message

from bot.i18n import Translator
from bot.screens import status as screens
from bot.services.status import StatusService
from bot.views.status import DeskState
from db.errors import DatabaseUnavailable
from db.models.audit import Actor
from handlers.common.screen import send

_BOT_TIMEOUT: Final = 3
"""Seconds; /status must answer soon even if Telegram does not."""


async def show_status(
    message: Message, status: StatusService, bots: Sequence[Bot], by: Actor, t: Translator
) -> None:
    state, answers = await asyncio.gather(_state(status, by), _answers(bots))
    screen = screens.status(t, state, answers, version=status.version, mode=status.mode)
    await send(message, screen)


async def _state(status: StatusService, by: Actor) -> DeskState | None:
    try:
        return await status.state(by=by)
    except DatabaseUnavailable:
        return None


async def _answers(bots: Sequence[Bot]) -> Mapping[str, bool]:
    """Return the username of each bot, and whether Telegram answers it."""
    return dict(await asyncio.gather(*(_answer(bot) for bot in bots)))


async def _answer(bot: Bot) -> tuple[str, bool]:
    name = (await bot.me()).username or str(bot.id)
    try:
        await bot.get_me(request_timeout=_BOT_TIMEOUT)
    except AiogramError:
        return name, False
    return name, True


def register(router: Router) -> None:
    router.message.register(show_status, Command("status", ignore_case=True))
