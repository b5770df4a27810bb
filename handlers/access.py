"""Which updates a router takes."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.types import TelegramObject

from db.models import Actor


async def from_admin(_: TelegramObject, admin: Actor | None) -> bool:
    return admin is not None


def admins_only(router: Router) -> None:
    """Let through what an admin writes to the bot in private, and what an admin presses."""
    router.message.filter(F.chat.type == ChatType.PRIVATE, from_admin)
    router.callback_query.filter(from_admin)
