"""Sending and deleting messages."""

from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from simulator import BotAccount, ChatMessage, Person, Telegram
from tests.simulator.rules import source


async def test_a_message_arrives(bot: Bot, desk: BotAccount, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "<b>hi</b>")

    message = anna.chat(desk)[-1]
    assert message.from_bot
    assert (message.text, message.html) == ("hi", "<b>hi</b>")
    assert (message.message_id, message.date) == (sent.message_id, sent.date)
    assert sent.chat.first_name == anna.name


@source("Client::get_formatted_text; MessageContent 4757")
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "message text is empty"),
        (" \n", "text must be non-empty"),
        ("<b></b>", "text must be non-empty"),
        ("я" * 4097, "message is too long"),
        ("😀" * 4097, "message is too long"),
        ("я" * 16_385, "text is too long"),
    ],
    ids=["nothing", "blank", "only tags", "too many letters", "too many emoji", "32 kilobytes"],
)
async def test_text_has_1_to_4096_characters(
    bot: Bot, anna: Person, text: str, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_message(anna.id, text)

    assert refusal.value.message == f"Bad Request: {complaint}"


@source("MessageContent 4757")
async def test_an_emoji_is_one_character(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "😀" * 4096)

    assert len(sent.text or "") == 4096


async def test_tags_do_not_count(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, f"<b>{'я' * 4095}</b>&amp;")

    assert len(sent.text or "") == 4096


@source("Client::check_chat")
async def test_an_unknown_chat_is_not_found(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(77, "hi")


async def test_a_bot_does_not_begin_a_chat(bot: Bot, boris: Person) -> None:
    with pytest.raises(
        TelegramForbiddenError, match="bot can't initiate conversation with a user"
    ):
        await bot.send_message(boris.id, "hi")


@source("Client::fail_query_with_error")
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


@source("the servers behind")
async def test_what_is_quoted_is_in_the_message(bot: Bot, desk: BotAccount, anna: Person) -> None:
    question = anna.send(desk, "why so?").message_id

    await bot.send_message(
        anna.id, "so", reply_parameters=ReplyParameters(message_id=question, quote="why")
    )
    with pytest.raises(TelegramBadRequest, match="QUOTE_TEXT_INVALID"):
        await bot.send_message(
            anna.id, "so", reply_parameters=ReplyParameters(message_id=question, quote="how")
        )


async def test_what_was_asked_of_link_previews_comes_back(bot: Bot, anna: Person) -> None:
    none = LinkPreviewOptions(is_disabled=True)

    sent = await bot.send_message(anna.id, "t.me", link_preview_options=none)

    assert sent.link_preview_options
    assert sent.link_preview_options.is_disabled


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


async def test_many_messages_are_deleted_at_once_if_they_are_there(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    await bot.delete_messages(anna.id, [card.message_id, 77, card.message_id])

    assert card not in anna.chat(desk)


@source("MessagesManager 8501")
async def test_of_many_messages_none_is_deleted_if_one_cannot_be(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    old = anna.send(desk, "long ago")
    telegram.age(old)

    with pytest.raises(TelegramBadRequest, match="message can't be deleted for everyone"):
        await bot.delete_messages(anna.id, [card.message_id, old.message_id])

    assert card in anna.chat(desk)


@source("Client::get_message_ids")
@pytest.mark.parametrize(
    ("message_ids", "complaint"),
    [
        ([], "message identifiers are not specified"),
        ([*range(1, 102)], "too many message identifiers specified"),
        ([0], "invalid message identifier specified"),
    ],
)
async def test_1_to_100_messages_are_deleted_at_once(
    bot: Bot, anna: Person, message_ids: list[int], complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.delete_messages(anna.id, message_ids)

    assert refusal.value.message == f"Bad Request: {complaint}"


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


@source("Client::on_message_send_failed")
async def test_a_protected_message_is_neither_copied_nor_forwarded(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "secret", protect_content=True)

    with pytest.raises(TelegramBadRequest, match="Bad Request: the message can't be copied"):
        await bot.copy_message(anna.id, anna.id, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="Bad Request: the message can't be forwarded"):
        await bot.forward_message(anna.id, anna.id, sent.message_id)


async def test_a_reply_keyboard_stays_until_it_is_removed(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    keyboard = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="yes")]])

    await bot.send_message(anna.id, "sure?", reply_markup=keyboard)
    assert anna.keyboard(desk) == keyboard

    await bot.send_message(anna.id, "well", reply_markup=ReplyKeyboardRemove())
    assert anna.keyboard(desk) is None
