"""Shortcuts read Telegram's answers and updates correctly; fields they skip cannot be read."""

from typing import Any, Final

import pytest
from aiogram import Bot
from aiogram.methods import (
    AnswerCallbackQuery,
    CopyMessage,
    EditMessageText,
    GetUpdates,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import Message, Update
from orjson import dumps

from bot.telegram import speed

BOT: Final = Bot("1001:desk")
CHAT: Final = {"id": 13, "type": "private", "first_name": "Vera"}
MESSAGE: Final = {"message_id": 7, "date": 1_700_000_000, "chat": CHAT, "text": "Booking"}
SEND: Final = SendMessage(chat_id=13, text="Welcome")
EDIT: Final = EditMessageText(chat_id=13, message_id=7, text="Booking")
PHOTO: Final = SendPhoto(chat_id=13, photo="file-1")
COPY: Final = CopyMessage(chat_id=13, from_chat_id=11, message_id=7)


def read(method: TelegramMethod[Any], result: object) -> Any:
    return speed.read_result(BOT, method, dumps({"ok": True, "result": result}))


@pytest.mark.parametrize("method", [SEND, EDIT])
@pytest.mark.parametrize("field", ["text", "photo", "chat", "date", "reply_markup"])
def test_of_a_message_that_was_sent_there_is_the_number_and_the_rest_fails_loudly(
    method: TelegramMethod[Any], field: str
) -> None:
    message = read(method, MESSAGE)

    assert isinstance(message, Message)
    assert message.message_id == 7
    with pytest.raises(AttributeError, match=field):
        getattr(message, field)


def test_one_answer_leaves_nothing_in_the_next() -> None:
    first, second = (read(SEND, MESSAGE | {"message_id": number}) for number in (7, 8))

    assert (first.message_id, second.message_id) == (7, 8)


@pytest.mark.parametrize("method", [EDIT, AnswerCallbackQuery(callback_query_id="1")])
def test_what_is_only_done_is_true(method: TelegramMethod[Any]) -> None:
    assert read(method, True) is True


@pytest.mark.parametrize("method", [PHOTO, COPY])
def test_the_answer_of_any_other_method_is_left_to_aiogram(method: TelegramMethod[Any]) -> None:
    assert read(method, MESSAGE) is None


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b"7", b'{"ok": false}', b'{"ok": true, "result": {}}']
)
@pytest.mark.parametrize("method", [SEND, GetUpdates()])
def test_what_is_no_such_answer_is_left_to_aiogram(
    method: TelegramMethod[Any], content: bytes
) -> None:
    assert speed.read_result(BOT, method, content) is None


LEADS: Final = {
    "message_id": 7,
    "date": 1_700_000_000,
    "chat": {"id": -100, "type": "supergroup"},
    "message_thread_id": 3,
    "is_topic_message": True,
    "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
    "caption": "A chart",
}
UNREAD: Final = {
    "text": "Booking",
    "entities": [],
    "reply_markup": {"inline_keyboard": []},
    "from": {"id": 1, "is_bot": True, "first_name": "Desk"},
    "link_preview_options": {},
}


def pressed(message: dict[str, Any]) -> dict[str, Any]:
    anna = {"id": 11, "is_bot": False, "first_name": "Anna"}
    press = {"id": "1", "from": anna, "chat_instance": "1", "message": message}
    return {"update_id": 1, "callback_query": press}


@pytest.fixture(params=["polled", "brought"])
def update(request: pytest.FixtureRequest) -> Update:
    content = pressed(LEADS | UNREAD)
    if request.param == "brought":
        return speed.read_update(BOT, content)
    [update] = read(GetUpdates(), [content])
    assert isinstance(update, Update)
    return update


def test_what_leads_to_a_pressed_message_and_its_media_are_there(update: Update) -> None:
    assert update.callback_query is not None
    message = update.callback_query.message

    assert isinstance(message, Message)
    assert (message.chat.id, message.message_id) == (-100, 7)
    assert (message.message_thread_id, message.is_topic_message) == (3, True)
    assert message.photo is not None
    assert (message.photo[0].file_id, message.caption) == ("f", "A chart")
    assert message.bot is BOT


@pytest.mark.parametrize(
    "field", ["text", "entities", "reply_markup", "from_user", "link_preview_options"]
)
def test_what_is_not_read_of_a_pressed_message_fails_loudly(update: Update, field: str) -> None:
    assert update.callback_query is not None

    with pytest.raises(AttributeError, match=field):
        getattr(update.callback_query.message, field)


def test_a_press_on_a_message_that_telegram_has_forgotten_is_read() -> None:
    update = speed.read_update(BOT, pressed({"message_id": 7, "date": 0, "chat": CHAT}))

    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert update.callback_query.message.message_id == 7


def test_a_message_that_was_written_is_read_whole() -> None:
    [update] = read(GetUpdates(), [{"update_id": 1, "message": MESSAGE}])

    assert update.message.text == "Booking"
    assert update.message.photo is None
