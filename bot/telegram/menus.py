"""The command menus of students and admins."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from bot.i18n import Translator, Translators

logger = structlog.get_logger(__name__)

_STUDENT: Final = ("start",)
_ADMIN: Final = (
    "review",
    "pending",
    "bookings",
    "booking",
    "find",
    "add",
    "import",
    "log",
    "outbox",
    "reasons",
    "notify",
    "status",
    "help",
)


async def show_menus(
    bot: Bot, admin_ids: Iterable[int], former_ids: Iterable[int], translators: Translators
) -> None:
    """Set all menus; one that Telegram refuses is logged and skipped.

    Former admins get the menu of students.
    """
    await _show(bot, _STUDENT, BotCommandScopeAllPrivateChats(), translators)
    for former_id in former_ids:
        await _hide(bot, BotCommandScopeChat(chat_id=former_id), translators)
    for admin_id in admin_ids:
        await show_admin_menu(bot, admin_id, translators)


async def show_admin_menu(bot: Bot, admin_id: int, translators: Translators) -> None:
    """Set the menu of an admin; Telegram refuses it until they have started the bot."""
    await _show(bot, _ADMIN, BotCommandScopeChat(chat_id=admin_id), translators)


async def _show(
    bot: Bot, names: Iterable[str], scope: BotCommandScopeUnion, translators: Translators
) -> None:
    try:
        now = datetime.now(UTC)
        default = _commands(names, translators.of(None, now))
        await bot.set_my_commands(default, scope=scope)
        for t in translators.all(now):
            await bot.set_my_commands(_commands(names, t), scope=scope, language_code=t.language)
    except TelegramAPIError as error:
        logger.info("a menu is not shown", scope=scope.type, reason=error)


async def _hide(bot: Bot, scope: BotCommandScopeUnion, translators: Translators) -> None:
    try:
        await bot.delete_my_commands(scope=scope)
        for t in translators.all(datetime.now(UTC)):
            await bot.delete_my_commands(scope=scope, language_code=t.language)
    except TelegramAPIError as error:
        logger.info("a menu is not hidden", scope=scope.type, reason=error)


def _commands(names: Iterable[str], t: Translator) -> list[BotCommand]:
    return [BotCommand(command=name, description=t.plain(f"command-{name}")) for name in names]
