"""Everybody who is not an admin: they see their own bookings, and nothing else exists."""

from aiogram import Bot, Router
from aiogram.filters import CommandStart
from aiogram.types import Message, User

from bot.i18n import Translator
from bot.services.students import StudentService
from bot.texts import students as texts
from handlers.access import in_private


async def start(
    message: Message,
    bot: Bot,
    event_from_user: User,
    students: StudentService,
    t: Translator,
) -> None:
    user = event_from_user
    bookings = await students.start(
        user.id,
        first_name=user.first_name,
        username=user.username,
        language=user.language_code,
        bot_id=bot.id,
    )
    await message.answer(texts.own_bookings(t, user.first_name, bookings))


async def anything_else(message: Message, t: Translator) -> None:
    await message.answer(t("student-anything"))


def register(router: Router) -> None:
    router.message.register(start, in_private, CommandStart())
    router.message.register(anything_else, in_private)
