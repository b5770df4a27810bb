"""Commands, names and descriptions."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from aiohttp import ClientSession

from simulator import BotAccount, Person
from tests.simulator.rules import source
from tests.simulator.values import TOKEN

PENDING = BotCommand(command="pending", description="Pending bookings")
IN_RUSSIAN = BotCommand(command="pending", description="Ждут решения")
HELP = BotCommand(command="help", description="Help")


async def test_commands_are_kept_by_scope_and_language(bot: Bot, anna: Person) -> None:
    scope = BotCommandScopeChat(chat_id=anna.id)

    await bot.set_my_commands([PENDING], scope=scope)
    await bot.set_my_commands([IN_RUSSIAN], scope=scope, language_code="ru")

    [english] = await bot.get_my_commands(scope=scope)
    [russian] = await bot.get_my_commands(scope=scope, language_code="ru")
    assert (english.description, russian.description) == ("Pending bookings", "Ждут решения")
    assert await bot.get_my_commands() == []


async def test_a_person_is_offered_the_narrowest_list(
    bot: Bot, desk: BotAccount, anna: Person, boris: Person
) -> None:
    await bot.set_my_commands([HELP])
    assert anna.menu(desk) == [HELP]

    everyone = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([PENDING], scope=everyone)
    await bot.set_my_commands([IN_RUSSIAN], scope=everyone, language_code="ru")
    assert (anna.menu(desk), boris.menu(desk)) == ([PENDING], [IN_RUSSIAN])

    await bot.delete_my_commands(scope=everyone, language_code="ru")
    assert boris.menu(desk) == [PENDING]


async def test_commands_for_a_chat_need_the_chat(bot: Bot, boris: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.set_my_commands([HELP], scope=BotCommandScopeChat(chat_id=boris.id))


@source("BotCommand::set_commands")
@pytest.mark.parametrize(
    ("commands", "complaint"),
    [
        ([BotCommand(command="Pending", description="x")], "BOT_COMMAND_INVALID"),
        ([BotCommand(command="p" * 33, description="x")], "command length must not exceed 32"),
        ([BotCommand(command="", description="x")], "command must be non-empty"),
        (
            [BotCommand(command="pending", description=" ")],
            "command description must be non-empty",
        ),
        (
            [BotCommand(command="pending", description="x" * 257)],
            "command description length must not exceed 256",
        ),
        ([HELP] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
async def test_commands_have_limits(bot: Bot, commands: list[BotCommand], complaint: str) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await bot.set_my_commands(commands)


@source("BotCommand::set_commands")
@pytest.mark.parametrize("name", ["/help", " help ", " /help"])
async def test_a_command_is_taken_with_its_slash_and_blanks(bot: Bot, name: str) -> None:
    await bot.set_my_commands([BotCommand(command=name, description=" Help ")])

    [command] = await bot.get_my_commands()
    assert (command.command, command.description) == ("help", "Help")


async def test_commands_that_are_missing_are_none(http: ClientSession, url: str, bot: Bot) -> None:
    await bot.set_my_commands([HELP])

    async with http.post(f"{url}/bot{TOKEN}/setMyCommands") as response:
        assert response.ok

    assert await bot.get_my_commands() == []


@source("Client")
@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        ({"commands": "{"}, "can't parse commands JSON object"),
        ({"commands": "{}"}, "expected an Array of BotCommand"),
        (
            {"scope": '{"type":"all"}'},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
    ],
)
async def test_commands_that_cannot_be_read_are_refused(
    http: ClientSession, url: str, desk: BotAccount, sent: dict[str, str], complaint: str
) -> None:
    async with http.post(f"{url}/bot{TOKEN}/setMyCommands", data=sent) as response:
        answer = await response.json()

    assert answer["description"] == f"Bad Request: {complaint}"


@source("BotCommand")
async def test_a_language_has_two_letters(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="invalid language code specified"):
        await bot.set_my_commands([HELP], language_code="rus")


async def test_a_bot_describes_itself_in_several_languages(bot: Bot) -> None:
    await bot.set_my_name("Desk")
    await bot.set_my_name("Стойка", language_code="ru")
    await bot.set_my_description("Books places")
    await bot.set_my_short_description("Places")

    assert (await bot.get_my_name()).name == "Desk"
    assert (await bot.get_my_name(language_code="ru")).name == "Стойка"
    assert (await bot.get_my_description(language_code="ru")).description == "Books places"
    assert (await bot.get_my_short_description()).short_description == "Places"


async def test_a_name_has_at_most_64_characters(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="BOT_NAME_TOO_LONG"):
        await bot.set_my_name("x" * 65)
