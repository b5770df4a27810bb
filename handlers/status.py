"""/status: the database, the bots, the queue, the last error."""

import asyncio
from collections.abc import Sequence
from typing import Final

from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import Command
from aiogram.types import Message

from bot.i18n import Translator
from bot.services.status import StatusService
from bot.texts import status as texts
from db.errors import DatabaseUnavailable
from db.models import Actor, QueueState

_PATIENCE: Final = 3
"""Seconds; whoever asks how things are does not want to wait for what is broken."""


async def show_status(
    message: Message,
    status: StatusService,
    bots: Sequence[Bot],
    by: Actor,
    t: Translator,
) -> None:
    queue, answers = await asyncio.gather(
        _queue(status, by), asyncio.gather(*(_answers(bot) for bot in bots))
    )
    shown = texts.status(t, queue, dict(answers), version=status.version, mode=status.mode)
    await message.answer(shown)


async def _queue(status: StatusService, by: Actor) -> QueueState | None:
    try:
        return await status.queue(by=by)
    except DatabaseUnavailable:
        return None


async def _answers(bot: Bot) -> tuple[str, bool]:
    name = (await bot.me()).username or str(bot.id)
    try:
        await bot.get_me(request_timeout=_PATIENCE)
    except AiogramError:
        return name, False
    return name, True


def register(router: Router) -> None:
    router.message.register(show_status, Command("status"))
