"""Flood control."""

from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from aiohttp import ClientSession

from simulator import BotAccount, Person, Telegram
from tests.simulator.rules import source


@pytest.fixture
def telegram() -> Telegram:
    telegram = Telegram(limits=True)
    telegram.clock.stop()
    return telegram


async def send_too_fast(bot: Bot, chat_id: int, burst: int) -> int:
    """Send as many as are taken at once and one more; return the pause asked for."""
    for number in range(burst):
        await bot.send_message(chat_id, str(number))
    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.send_message(chat_id, "one too many")
    return refusal.value.retry_after


async def test_a_chat_takes_a_small_burst_and_then_one_a_second(
    telegram: Telegram, bot: Bot, anna: Person
) -> None:
    pause = await send_too_fast(bot, anna.id, burst=3)
    assert pause == 1

    telegram.clock.advance(timedelta(seconds=pause))
    await bot.send_message(anna.id, "later")


async def test_sending_during_a_pause_makes_it_longer(
    telegram: Telegram, bot: Bot, anna: Person
) -> None:
    pauses = [await send_too_fast(bot, anna.id, burst=burst) for burst in (3, 0, 0)]

    assert pauses == [1, 2, 4]


async def test_a_group_takes_20_a_minute(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    group = telegram.add_group(-100_500, "Staff", [anna])
    group.add(desk)

    assert await send_too_fast(bot, group.id, burst=20) == 3


async def test_a_bot_sends_30_a_second_in_all(
    telegram: Telegram, bot: Bot, desk: BotAccount
) -> None:
    people = [telegram.add_person(n, str(n)) for n in range(100, 131)]
    for person in people:
        person.start(desk)
    for person in people[:30]:
        await bot.send_message(person.id, "hi")

    assert await send_too_fast(bot, people[30].id, burst=0) == 1


async def test_questions_are_not_counted(bot: Bot) -> None:
    for _ in range(40):
        await bot.get_me()


async def test_an_inline_message_is_edited_whatever_its_chat_has_taken(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    search = anna.search(desk, "ver")
    button = InlineKeyboardButton(text="Open", callback_data="open")
    found = InlineQueryResultArticle(
        id="1",
        title="Vera",
        input_message_content=InputTextMessageContent(message_text="Vera"),
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
    )
    await bot.answer_inline_query(search.search.id, [found])
    anna.press(desk, anna.choose(desk, search, "1").message_id, "open")
    pressed = (await bot.get_updates())[-1].callback_query
    assert pressed

    await bot.edit_message_text("Opened", inline_message_id=pressed.inline_message_id)

    assert anna.chat(desk)[-1].text == "Opened"


@source("HttpConnection::send_response")
async def test_a_pause_is_told_to_clients_that_read_headers_too(
    http: ClientSession, url: str, desk: BotAccount, anna: Person
) -> None:
    message = {"chat_id": anna.id, "text": "hi"}
    pauses = []
    for _ in range(4):
        async with http.post(f"{url}/bot{desk.token}/sendMessage", json=message) as response:
            pauses.append(response.headers.get("Retry-After"))

    assert pauses == [None, None, None, "1"]
