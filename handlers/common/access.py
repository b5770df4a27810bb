"""Filters that decide which updates a router takes."""

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.types import ChatMemberUpdated, Message, TelegramObject

from db.models.audit import Actor


# Filters are coroutines, because aiogram runs all others, also `F.chat.type == …`, in a thread,
# and that costs CPU.
async def in_private(event: Message | ChatMemberUpdated) -> bool:
    return event.chat.type == ChatType.PRIVATE


async def from_admin(_: TelegramObject, by: Actor | None) -> bool:
    return by is not None


def admins_only(router: Router) -> None:
    """Limit a router to admins: their private messages and their presses."""
    router.message.filter(in_private, from_admin)
    router.callback_query.filter(from_admin)
