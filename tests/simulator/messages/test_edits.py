"""Changing messages that were sent."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from simulator import BotAccount, ChatMessage, Person, Telegram
from tests.simulator.rules import source

BUTTONS = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="ok", callback_data="ok")]]
)


@pytest.fixture
async def file(bot: Bot, desk: BotAccount, anna: Person) -> ChatMessage:
    """A document with a caption."""
    await bot.send_document(anna.id, BufferedInputFile(b"1,2", "list.csv"), caption="list")
    return anna.chat(desk)[-1]


async def test_an_edited_message_stays_in_its_place(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    anna.send(desk, "later")

    await bot.edit_message_text(
        "<i>new</i>", chat_id=anna.id, message_id=card.message_id, reply_markup=BUTTONS
    )

    _, edited, later = anna.chat(desk)
    assert (edited.message_id, edited.html) == (card.message_id, "<i>new</i>")
    assert edited.reply_markup == BUTTONS
    assert edited.edit_date
    assert later.text == "later"


async def test_buttons_that_are_not_sent_again_are_gone(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    sent = await bot.send_message(anna.id, "card", reply_markup=BUTTONS)

    await bot.edit_message_text("new", chat_id=anna.id, message_id=sent.message_id)

    assert anna.chat(desk)[-1].buttons == []


async def test_buttons_can_be_changed_alone(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    await bot.edit_message_reply_markup(
        chat_id=anna.id, message_id=card.message_id, reply_markup=BUTTONS
    )

    message = anna.chat(desk)[-1]
    assert (message.text, message.reply_markup) == ("card", BUTTONS)


@pytest.mark.parametrize("text", ["card", " card ", "<b></b>card"])
async def test_an_edit_that_changes_nothing_is_refused(
    bot: Bot, anna: Person, card: ChatMessage, text: str
) -> None:
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.edit_message_text(text, chat_id=anna.id, message_id=card.message_id)

    assert refusal.value.message == (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )


async def test_a_change_of_markup_alone_is_a_change(
    bot: Bot, anna: Person, card: ChatMessage
) -> None:
    await bot.edit_message_text("<b>card</b>", chat_id=anna.id, message_id=card.message_id)


async def test_a_message_that_is_not_there_is_not_found(bot: Bot, anna: Person) -> None:
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("new", chat_id=anna.id, message_id=77)


async def test_a_message_of_someone_else_is_not_edited(
    bot: Bot, desk: BotAccount, anna: Person
) -> None:
    hers = anna.send(desk, "mine")

    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("new", chat_id=anna.id, message_id=hers.message_id)


@source("MessagesManager 23084")
async def test_a_bot_edits_its_messages_however_old_they_are(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    telegram.age(card)

    await bot.edit_message_text("new", chat_id=anna.id, message_id=card.message_id)

    assert anna.chat(desk)[-1].text == "new"


@source("MessagesManager 23065")
@pytest.mark.parametrize(
    "markup", [ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="yes")]]), ForceReply()]
)
async def test_a_message_that_brought_a_keyboard_is_not_edited(
    bot: Bot, anna: Person, markup: ReplyKeyboardMarkup | ForceReply
) -> None:
    sent = await bot.send_message(anna.id, "sure?", reply_markup=markup)

    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("new", chat_id=anna.id, message_id=sent.message_id)


async def test_a_file_has_no_text_to_edit(bot: Bot, anna: Person, file: ChatMessage) -> None:
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("new", chat_id=anna.id, message_id=file.message_id)


async def test_a_text_has_no_caption_to_edit(bot: Bot, anna: Person, card: ChatMessage) -> None:
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=anna.id, message_id=card.message_id, caption="new")


async def test_a_caption_is_edited_and_the_file_stays(
    bot: Bot, desk: BotAccount, anna: Person, file: ChatMessage
) -> None:
    await bot.edit_message_caption(
        chat_id=anna.id, message_id=file.message_id, caption="<b>new</b>"
    )

    edited = anna.chat(desk)[-1]
    assert (edited.html, edited.document) == ("<b>new</b>", file.document)


async def test_a_file_can_take_the_place_of_a_text(
    bot: Bot, desk: BotAccount, anna: Person, card: ChatMessage
) -> None:
    media = InputMediaDocument(media=BufferedInputFile(b"1", "one.txt"), caption="one")

    await bot.edit_message_media(media, chat_id=anna.id, message_id=card.message_id)

    edited = anna.chat(desk)[-1]
    assert edited.document
    assert (edited.document.file_name, edited.caption, edited.message.text) == (
        "one.txt",
        "one",
        None,
    )


@source("MessageContent 5241")
async def test_captions_have_at_most_1024_characters(
    bot: Bot, anna: Person, file: ChatMessage
) -> None:
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.edit_message_caption(
            chat_id=anna.id, message_id=file.message_id, caption="я" * 1025
        )
