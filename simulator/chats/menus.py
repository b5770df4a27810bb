"""Which of a bot's commands someone is offered.

Reference: https://core.telegram.org/bots/api#determining-list-of-commands.
"""

from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    BotCommandScopeUnion,
)

from simulator.accounts import BotAccount


def scope_key(scope: BotCommandScopeUnion | None, language: str | None) -> tuple[str, str]:
    """Return what tells one list of commands from another."""
    return (scope or BotCommandScopeDefault()).model_dump_json(), language or ""


def menu(bot: BotAccount, person_id: int, language: str) -> list[BotCommand]:
    """Return the commands for a private chat: of the narrowest scope that has any."""
    scopes: list[BotCommandScopeUnion] = [
        BotCommandScopeChat(chat_id=person_id),
        BotCommandScopeAllPrivateChats(),
        BotCommandScopeDefault(),
    ]
    lists = (
        bot.commands.get(scope_key(scope, wanted)) for scope in scopes for wanted in (language, "")
    )
    return next((commands for commands in lists if commands), [])
