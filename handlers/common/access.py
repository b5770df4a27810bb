"""Which updates a router takes."""

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.types import ChatMemberUpdated, Message, TelegramObject

from db.models.audit import Actor


# Coroutines, because aiogram runs any other filter, also `F.chat.type == …`, in a thread, which
# costs an update a tenth of its CPU.
async def in_private(event: Message | ChatMemberUpdated) -> bool:
    return event.chat.type == ChatType.PRIVATE


async def from_admin(_: TelegramObject, by: Actor | None) -> bool:
    return by is not None


def admins_only(router: Router) -> None:
    """Let through what an admin writes to the bot in private, and what an admin presses."""
    router.message.filter(in_private, from_admin)
    router.callback_query.filter(from_admin)
