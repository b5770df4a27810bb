"""Getting updates by asking for them."""

import asyncio

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramConflictError
from aiogram.types import Message
from aiohttp import ClientSession

from simulator import BotAccount, Person, Telegram, serve
from tests.simulator.rules import source
from tests.simulator.values import TOKEN


async def texts(bot: Bot, offset: int | None = None, limit: int | None = None) -> list[str]:
    updates = await bot.get_updates(offset=offset, limit=limit)
    return [update.message.text or "" for update in updates if update.message]


async def test_updates_come_again_until_they_are_confirmed(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    anna.send(desk, "one")
    assert await texts(bot) == await texts(bot) == ["/start", "one"]

    last = (await bot.get_updates())[-1].update_id
    assert await texts(bot, offset=last) == ["one"]
    assert await texts(bot, offset=last + 1) == []
    assert await texts(bot) == []


async def test_a_limit_leaves_the_rest_for_later(bot: Bot, desk: BotAccount, anna: Person) -> None:
    anna.send(desk, "one")

    assert await texts(bot, limit=1) == ["/start"]


async def test_a_negative_offset_keeps_only_the_last(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    anna.send(desk, "one")
    anna.send(desk, "two")

    assert await texts(bot, offset=-2) == ["one", "two"]
    assert await texts(bot) == ["one", "two"]


async def test_a_poll_waits_for_the_next_update(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    last = (await bot.get_updates())[-1].update_id
    poll = asyncio.create_task(bot.get_updates(offset=last + 1, timeout=30))
    await telegram.until(lambda: len(telegram.calls) == 2)

    anna.send(desk, "now")

    [update] = await poll
    assert update.message
    assert update.message.text == "now"


async def test_a_poll_that_finds_nothing_ends(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1) == []


@source("Client::abort_long_poll")
async def test_of_two_polls_the_first_is_ended(
    telegram: Telegram, bot: Bot, desk: BotAccount, boris: Person
) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.until(lambda: len(telegram.calls) == 1)

    second = asyncio.create_task(bot.get_updates(timeout=30))

    with pytest.raises(
        TelegramConflictError,
        match="terminated by other getUpdates request; make sure that only one bot instance",
    ):
        await first
    boris.start(desk)
    assert len(await second) == 1


@source("Client::do_get_updates")
async def test_a_glance_does_not_end_a_poll_that_waits(
    telegram: Telegram, bot: Bot, desk: BotAccount, boris: Person
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.until(lambda: len(telegram.calls) == 1)

    assert await bot.get_updates(timeout=0) == []

    boris.start(desk)
    assert len(await poll) == 1


@source("Client 16900, get_allowed_update_types")
@pytest.mark.parametrize("kinds", ["{", "5", '["foo"]', '[["foo"]]', '{"message": true}'])
async def test_kinds_that_do_not_exist_silence_nobody(
    http: ClientSession, url: str, bot: Bot, desk: BotAccount, anna: Person, kinds: str
) -> None:
    async with http.post(
        f"{url}/bot{TOKEN}/getUpdates", data={"allowed_updates": kinds}
    ) as response:
        assert response.ok

    anna.send(desk, "heard")

    assert "heard" in await texts(bot)


async def test_the_kinds_a_bot_wants_are_remembered(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    await bot.get_updates(allowed_updates=["my_chat_member"])

    anna.send(desk, "unwanted")
    anna.block(desk)

    *_, last = await bot.get_updates()
    assert last.my_chat_member
    assert "unwanted" not in await texts(bot)


async def test_an_empty_list_of_kinds_brings_back_the_default(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    await bot.get_updates(allowed_updates=["my_chat_member"])
    await bot.get_updates(allowed_updates=[])

    anna.send(desk, "wanted")

    assert "wanted" in await texts(bot)


async def test_pending_updates_can_be_dropped(bot: Bot, anna: Person) -> None:
    await bot.delete_webhook(drop_pending_updates=True)

    assert await texts(bot) == []


async def test_an_aiogram_dispatcher_lives_here(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    polling = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
    )

    anna.send(desk, "hello")
    await telegram.until(lambda: [m.text for m in anna.chat(desk) if m.from_bot][-1:] == ["hello"])

    await dispatcher.stop_polling()
    await polling


async def test_a_poll_ends_with_the_server(
    telegram: Telegram, session: AiohttpSession, desk: BotAccount
) -> None:
    async with serve(telegram) as url:
        session.api = TelegramAPIServer.from_base(url)
        poll = asyncio.create_task(Bot(desk.token, session).get_updates(timeout=30))
        await telegram.until(lambda: telegram.calls)

    assert await poll == []
