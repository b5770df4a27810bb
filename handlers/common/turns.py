"""Turns: admins are served first, and nobody waits behind one person's flood."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias, cast

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update, User

from bot.running.turns import Line
from bot.services.access import Staff

_ADMINS: Final = 32
_OF_AN_ADMIN: Final = 16
"""An impatient admin's presses on a booking that is held up are all answered within seconds."""
_OTHERS: Final = 100
"""As many as Telegram brings at once, because an admin's update is behind them."""
_MEMBERS: Final = 4
"""Few, because each takes a connection to the database from an admin."""
_MOST_WAITING: Final = 2
"""Messages or presses of one stranger, who is answered once however many there are."""

Handler: TypeAlias = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Turns(BaseMiddleware):
    """Let an update wait for its person's turn; admins have places of their own."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self._admins = Line(_ADMINS, _OF_AN_ADMIN)
        self._others = Line(_OTHERS, 1)
        self._members = Line(_MEMBERS, 1)

    async def __call__(
        self, handler: Handler, event: TelegramObject, data: dict[str, Any]
    ) -> object:
        user: User | None = data.get("event_from_user")
        person = user.id if user else 0
        if self._staff.includes(person):
            line = self._admins
        elif cast("Update", event).my_chat_member:
            # That somebody blocks the bot, or does not any more, is never said twice.
            line = self._members
        elif self._others.waiting(person) >= _MOST_WAITING:
            return None
        else:
            line = self._others
        async with line.turn(person):
            return await handler(event, data)
