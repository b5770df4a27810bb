"""The speaker of an update, their language, and the moment."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, User

from bot.i18n import Translators
from bot.services.access import Staff
from db.models.audit import Actor

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class SpeakerMiddleware(BaseMiddleware):
    """Pass every handler `by`, the admin (None for other people), and `t`.

    An update without a person, such as a channel's post, is dropped.
    """

    def __init__(self, staff: Staff, translators: Translators) -> None:
        self._staff = staff
        self._translators = translators

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401
        user: User | None = data.get("event_from_user")
        if user is None:
            return None
        is_admin = self._staff.includes(user.id)
        data["by"] = Actor(id=user.id, name=user.full_name) if is_admin else None
        data["t"] = self._translators.of(user.language_code, datetime.now(UTC))
        return await handler(event, data)
