"""Sending and deleting messages."""

from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from simulator import BotAccount, ChatMessage, Person, Telegram


async def test_a_message_arrives(bot: Bot, desk: BotAccount, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "<b>hi</b>")

    message = anna.chat(desk)[-1]
    assert message.from_bot
    assert (message.text, message.html) == ("hi", "<b>hi</b>")
    assert (message.message_id, message.date) == (sent.message_id, sent.date)
    assert sent.chat.first_name == anna.name


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "message text is empty"),
        (" \n", "message text is empty"),
        ("<b></b>", "message text is empty"),
        ("я" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
    ids=["nothing", "blank", "only tags", "too many letters", "too many code units"],
)
async def test_text_has_1_to_4096_code_units(
    bot: Bot, anna: Person, text: str, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_message(anna.id, text)

    assert refusal.value.message == f"Bad Request: {complaint}"


async def test_tags_do_not_count(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, f"<b>{'я' * 4095}</b>&amp;")

    assert len(sent.text or "") == 4096


async def test_an_unknown_chat_is_not_found(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(77, "hi")


async def test_a_bot_does_not_begin_a_chat(bot: Bot, boris: Person) -> None:
    with pytest.raises(
        TelegramForbiddenError, match="bot can't initiate conversation with a user"
    ):
        await bot.send_message(boris.id, "hi")


async def test_a_blocked_bot_is_told_so(bot: Bot, desk: BotAccount, anna: Person) -> None:
    anna.block(desk)

    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "hi")


async def test_someone_without_an_account_gets_nothing(bot: Bot, anna: Person) -> None:
    anna.delete_account()

    with pytest.raises(TelegramForbiddenError, match="user is deactivated"):
        await bot.send_message(anna.id, "hi")


async def test_a_reply_shows_what_it_replies_to(bot: Bot, desk: BotAccount, anna: Person) -> None:
    question = anna.send(desk, "why?")

    answer = await bot.send_message(
        anna.id, "so", reply_parameters=ReplyParameters(message_id=question.message_id)
    )

    assert answer.reply_to_message
    assert answer.reply_to_message.text == "why?"


async def test_a_reply_to_nothing_is_refused_unless_it_may_stand_alone(
    bot: Bot, anna: Person
) -> None:
    nothing = ReplyParameters(message_id=77)
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(anna.id, "so", reply_parameters=nothing)

    alone = ReplyParameters(message_id=77, allow_sending_without_reply=True)
    assert not (await bot.send_message(anna.id, "so", reply_parameters=alone)).reply_to_message


async def test_a_deleted_message_is_gone(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    await bot.delete_message(anna.id, card.message_id)

    assert card not in anna.chat(desk)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(anna.id, card.message_id)


async def test_a_message_is_deleted_within_48_hours_or_never(
    telegram: Telegram, bot: Bot, anna: Person, card: ChatMessage
) -> None:
    telegram.clock.advance(timedelta(hours=48, seconds=1))

    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await bot.delete_message(anna.id, card.message_id)


async def test_many_messages_are_deleted_at_once_as_far_as_possible(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    await bot.delete_messages(anna.id, [card.message_id, 77])

    assert card not in anna.chat(desk)


async def test_a_copy_has_no_link_to_the_original(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    await bot.copy_message(anna.id, anna.id, card.message_id)

    copy = anna.chat(desk)[-1]
    assert copy.message_id != card.message_id
    assert (copy.text, copy.message.forward_origin) == ("card", None)


async def test_a_forwarded_message_names_its_author(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    question = anna.send(desk, "why?")

    forwarded = await bot.forward_message(anna.id, anna.id, question.message_id)

    assert forwarded.text == "why?"
    author = getattr(forwarded.forward_origin, "sender_user", None)
    assert author
    assert author.id == anna.id


async def test_a_protected_message_is_neither_copied_nor_forwarded(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "secret", protect_content=True)

    with pytest.raises(TelegramBadRequest, match="message can't be copied"):
        await bot.copy_message(anna.id, anna.id, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message can't be forwarded"):
        await bot.forward_message(anna.id, anna.id, sent.message_id)


async def test_a_reply_keyboard_stays_until_it_is_removed(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    keyboard = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="yes")]])

    await bot.send_message(anna.id, "sure?", reply_markup=keyboard)
    assert anna.keyboard(desk) == keyboard

    await bot.send_message(anna.id, "well", reply_markup=ReplyKeyboardRemove())
    assert anna.keyboard(desk) is None
