"""Buttons, and how a bot answers them."""

from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InaccessibleMessage, Message

from simulator import Answer, BotAccount, ChatMessage, Person, Telegram
from tests.simulator.rules import source

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


async def query_of(bot: Bot) -> CallbackQuery:
    update = (await bot.get_updates(offset=-1))[0]
    assert update.callback_query
    return update.callback_query


async def test_a_press_reaches_the_bot(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    press = anna.press(desk, card.message_id, "forged or not")

    query = await query_of(bot)
    assert query.chat_instance not in {"", str(anna.id)}
    assert (query.data, query.from_user.id, query.id) == (
        "forged or not",
        anna.id,
        press.query.id,
    )
    assert isinstance(query.message, Message)
    assert query.message.message_id == card.message_id


async def test_the_answer_is_shown(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    press = anna.press(desk, card.message_id, "x")
    assert press.answer is None

    await bot.answer_callback_query(press.query.id, "done", show_alert=True)

    assert await press.answered() == Answer("done", show_alert=True)


@source("Client::fail_query_with_error")
async def test_a_query_is_answered_once(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    press = anna.press(desk, card.message_id, "x")
    await bot.answer_callback_query(press.query.id)

    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await bot.answer_callback_query(press.query.id)


async def test_a_query_is_answered_soon(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    press = anna.press(desk, card.message_id, "x")
    telegram.clock.advance(timedelta(seconds=16))

    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await bot.answer_callback_query(press.query.id)


async def test_a_query_nobody_asked_is_not_answered(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await bot.answer_callback_query("4")


async def test_an_answer_has_at_most_200_characters(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    press = anna.press(desk, card.message_id, "x")

    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(press.query.id, "я" * 201)


async def test_a_query_can_come_twice(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    anna.press(desk, card.message_id, "x").redeliver()

    first, second = (await bot.get_updates())[-2:]
    assert first.callback_query
    assert second.callback_query
    assert first.callback_query.id == second.callback_query.id
    assert first.update_id < second.update_id


async def test_a_press_on_an_old_message_comes_without_the_message(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    telegram.age(card)

    anna.press(desk, card.message_id, "x")

    message = (await query_of(bot)).message
    assert isinstance(message, InaccessibleMessage)
    assert (message.chat.id, message.message_id) == (anna.id, card.message_id)


async def test_nobody_presses_on_what_they_do_not_see(
    desk: BotAccount, anna: Person, boris: Person, card: ChatMessage
) -> None:
    with pytest.raises(LookupError):
        anna.press(desk, 77, "x")
    with pytest.raises(LookupError):
        boris.press(desk, card.message_id, "x")


async def test_waiting_for_an_answer_ends(
    desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    with pytest.raises(TimeoutError):
        await anna.press(desk, card.message_id, "x").answered(timeout=0.01)


async def test_an_answer_opens_nothing_but_the_bot(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    press = anna.press(desk, card.message_id, "x")
    with pytest.raises(TelegramBadRequest, match="URL_INVALID"):
        await bot.answer_callback_query(press.query.id, url="https://example.org")

    await bot.answer_callback_query(press.query.id, url="https://t.me/school_desk_bot?start=x")

    assert (await press.answered()).url == "https://t.me/school_desk_bot?start=x"


async def test_a_press_in_a_group_is_its_presser_s(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    staff = telegram.add_group(-1_000_000_000_500, "Staff", [anna])
    staff.add(desk)
    sent = await bot.send_message(staff.id, "card")

    anna.press(staff, sent.message_id, "x")

    query = await query_of(bot)
    assert query.from_user.id == anna.id
    assert query.message
    assert query.message.chat.id == staff.id


async def test_a_query_is_answered_by_the_bot_that_was_asked(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    telegram.add_bot("1002:other-token", username="other_bot", name="Other")
    press = anna.press(desk, card.message_id, "x")

    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await Bot("1002:other-token", bot.session).answer_callback_query(press.query.id)
