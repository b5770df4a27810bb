"""What a bot says about itself."""

import re
from typing import Any, Final

from aiogram.methods import (
    DeleteMyCommands,
    GetMe,
    GetMyCommands,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    SetMyCommands,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeUnion,
    BotDescription,
    BotName,
    BotShortDescription,
    User,
)

from simulator.accounts import BotAccount
from simulator.chats.menus import scope_key
from simulator.errors import bad_request
from simulator.methods.table import Table
from simulator.world import World

_COMMAND: Final = re.compile(r"[a-z0-9_]+")
_LANGUAGE: Final = re.compile(r"(?:[a-z]{2})?")


def get_me(_: World, bot: BotAccount, __: GetMe) -> User:
    return bot.user.model_copy(
        update={
            "can_join_groups": True,
            "can_read_all_group_messages": bot.reads_all,
            "supports_inline_queries": bot.inline,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
    )


def set_my_commands(world: World, bot: BotAccount, call: SetMyCommands) -> bool:
    if len(call.commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_cleaned(command) for command in call.commands]
    bot.commands[_key(world, bot, call.scope, call.language_code)] = commands
    return True


def _cleaned(command: BotCommand) -> BotCommand:
    """Return a command without the slash and the blanks around it.

    Raises:
        ApiError: it is no command.
    """
    name, description = command.command.strip().removeprefix("/"), command.description.strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return command.model_copy(update={"command": name, "description": description})


def get_my_commands(world: World, bot: BotAccount, call: GetMyCommands) -> list[BotCommand]:
    return bot.commands.get(_key(world, bot, call.scope, call.language_code), [])


def delete_my_commands(world: World, bot: BotAccount, call: DeleteMyCommands) -> bool:
    bot.commands.pop(_key(world, bot, call.scope, call.language_code), None)
    return True


def set_my_name(_: World, bot: BotAccount, call: SetMyName) -> bool:
    return _describe(bot, "name", call.name, call.language_code, limit=64)


def get_my_name(_: World, bot: BotAccount, call: GetMyName) -> BotName:
    return BotName(name=_words(bot, "name", call.language_code) or bot.name)


def set_my_description(_: World, bot: BotAccount, call: SetMyDescription) -> bool:
    return _describe(bot, "description", call.description, call.language_code, limit=512)


def get_my_description(_: World, bot: BotAccount, call: GetMyDescription) -> BotDescription:
    return BotDescription(description=_words(bot, "description", call.language_code))


def set_my_short_description(_: World, bot: BotAccount, call: SetMyShortDescription) -> bool:
    return _describe(bot, "about", call.short_description, call.language_code, limit=120)


def get_my_short_description(
    _: World, bot: BotAccount, call: GetMyShortDescription
) -> BotShortDescription:
    return BotShortDescription(short_description=_words(bot, "about", call.language_code))


def _key(
    world: World, bot: BotAccount, scope: BotCommandScopeUnion | None, language: str | None
) -> tuple[str, str]:
    chat_id: Any = getattr(scope, "chat_id", None)
    if chat_id is not None:
        world.readable_chat(bot, chat_id)
    _check_language(language)
    return scope_key(scope, language)


def _describe(
    bot: BotAccount, kind: str, words: str | None, language: str | None, *, limit: int
) -> bool:
    _check_language(language)
    if len(words or "") > limit:
        raise bad_request(f"BOT_{kind.upper()}_TOO_LONG")
    bot.words[kind, language or ""] = words or ""
    return True


def _words(bot: BotAccount, kind: str, language: str | None) -> str:
    return bot.words.get((kind, language or "")) or bot.words.get((kind, ""), "")


def _check_language(language: str | None) -> None:
    if not _LANGUAGE.fullmatch(language or ""):
        raise bad_request("invalid language code specified")


HANDLERS: Final[Table] = {
    GetMe: get_me,
    SetMyCommands: set_my_commands,
    GetMyCommands: get_my_commands,
    DeleteMyCommands: delete_my_commands,
    SetMyName: set_my_name,
    GetMyName: get_my_name,
    SetMyDescription: set_my_description,
    GetMyDescription: get_my_description,
    SetMyShortDescription: set_my_short_description,
    GetMyShortDescription: get_my_short_description,
}
