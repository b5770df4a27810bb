"""Students who block the bot or unblock it."""

from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberUpdated

from bot.services.students import StudentService
from handlers.common.access import in_private


async def changed(update: ChatMemberUpdated, bot: Bot, students: StudentService) -> None:
    blocked = update.new_chat_member.status == ChatMemberStatus.KICKED
    await students.may_be_written_to(
        update.chat.id, may=not blocked, since=update.date, bot_id=bot.id
    )


def register(router: Router) -> None:
    router.my_chat_member.register(changed, in_private)
