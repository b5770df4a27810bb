"""Messages that show a booking: noted when drawn, taken when another screen replaces it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Final, TypeAlias

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.screens.screen import Screen
from bot.services.outbox.copies import CopyService
from db.errors import DatabaseUnavailable

Handler: TypeAlias = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]

_copies: Final[ContextVar[CopyService | None]] = ContextVar("copies", default=None)


class Copies(BaseMiddleware):
    """Let what draws a screen for an admin find the service."""

    async def __call__(
        self, handler: Handler, event: TelegramObject, data: dict[str, Any]
    ) -> object:
        _copies.set(data["copies"])
        return await handler(event, data)


def spend(chat_id: int) -> None:
    """Count a message for the chat, which rests when it has heard much."""
    copies = _copies.get()
    if copies is not None:
        copies.allowance.spend(chat_id)


async def take(chat_id: int, message_id: int) -> None:
    """Let nobody draw on this message any more what it has shown before."""
    copies = _copies.get()
    if copies is not None:
        # Without a database nobody draws a copy either.
        with suppress(DatabaseUnavailable):
            await copies.take(chat_id, message_id)


def note(chat_id: int, message_id: int, screen: Screen) -> None:
    """Have the message drawn again when the booking changes, if the screen shows one."""
    copies = _copies.get()
    if copies is not None and screen.shown is not None:
        copies.note(chat_id, message_id, screen.shown)
