"""What else an admin writes: /start, /help, and what nobody understands."""

from aiogram import Bot, Router
from aiogram.filters import Command, CommandStart
from aiogram.types import Message

from bot.i18n import Translator, Translators
from db.models import Actor
from handlers.access import admins_only
from handlers.menus import show_admin_menu


async def start(
    message: Message, bot: Bot, admin: Actor, t: Translator, translators: Translators
) -> None:
    await message.answer(t("help-admin"))
    # Telegram had refused this admin a menu while it did not know the chat.
    await show_admin_menu(bot, admin.id, translators)


async def help_(message: Message, t: Translator) -> None:
    await message.answer(t("help-admin"))


async def not_understood(message: Message, t: Translator) -> None:
    await message.answer(t("unknown-admin"))


def build_router() -> Router:
    router = Router(name=__name__)
    admins_only(router)
    router.message.register(start, CommandStart())
    router.message.register(help_, Command("help"))
    router.message.register(not_understood)
    return router
