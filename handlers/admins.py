"""The admins' /start and /help, and the answer to messages that no other handler takes."""

from aiogram import Router
from aiogram.filters import Command, CommandStart
from aiogram.types import Message, User

from bot.i18n import Translator, Translators
from bot.services.students import StudentService
from bot.telegram.menus import show_admin_menu
from handlers.common.arguments import bot_of
from handlers.students.own import note_start


async def start(
    message: Message,
    event_from_user: User,
    students: StudentService,
    translators: Translators,
    t: Translator,
) -> None:
    # An admin may have a booking too, and a notice may wait until the admin starts the bot.
    await note_start(message, event_from_user, students)
    await message.answer(t("help-admin"))
    # Telegram refuses to set a menu for a chat that does not exist yet.
    await show_admin_menu(bot_of(message), event_from_user.id, translators)


async def help_(message: Message, t: Translator) -> None:
    await message.answer(t("help-admin"))


async def not_understood(message: Message, t: Translator) -> None:
    await message.answer(t("unknown-content" if message.text is None else "unknown-admin"))


def register(router: Router) -> None:
    router.message.register(start, CommandStart(ignore_case=True))
    router.message.register(help_, Command("help", ignore_case=True))
    router.message.register(not_understood)
