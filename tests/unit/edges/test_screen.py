"""Answers make the same calls as aiogram's shortcuts."""

from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.base import BaseSession
from aiogram.enums import ButtonStyle
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Chat, InlineKeyboardMarkup, Message, User

from bot.screens.screen import Screen
from bot.telegram.session import REQUEST_SECONDS
from handlers.common.screen import acknowledge, send, show
from keyboards.markup import button, markup

NOW: Final = datetime(2026, 3, 3, tzinfo=UTC)
ANNA: Final = User(id=11, is_bot=False, first_name="Anna")
MARKUP: Final = markup([button("Confirm", "d1", ButtonStyle.SUCCESS), button("Cancel", "q1")])
AS_AIOGRAM: Final = InlineKeyboardMarkup.model_validate(MARKUP)


class Recorder(BaseSession):
    """A Telegram that records the calls it gets."""

    def __init__(self) -> None:
        super().__init__(timeout=REQUEST_SECONDS)
        self.calls: list[TelegramMethod[Any]] = []

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], *_: Any, **__: Any) -> Any:
        self.calls.append(method)
        return Message(message_id=8, date=NOW, chat=Chat(id=11, type="private"))

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""

    async def close(self) -> None:
        pass


@pytest.fixture
def telegram() -> Recorder:
    return Recorder()


@pytest.fixture
def bot(telegram: Recorder) -> Bot:
    return Bot("1001:desk", telegram)


@pytest.fixture(params=[True, None], ids=["in a topic", "in an answer"])
def message(bot: Bot, request: pytest.FixtureRequest) -> Message:
    message = Message(
        message_id=7,
        date=NOW,
        chat=Chat(id=11, type="private"),
        message_thread_id=3,
        is_topic_message=request.param,
        business_connection_id="b",
    )
    return message.as_(bot)


@pytest.fixture
def press(bot: Bot, message: Message) -> CallbackQuery:
    press = CallbackQuery(id="1", from_user=ANNA, chat_instance="1", message=message)
    return press.as_(bot)


def contents(method: TelegramMethod[Any]) -> tuple[type, Mapping[str, object]]:
    """Return the type of the call, and its parameters without defaults."""
    values = {
        name: value for name, value in vars(method).items() if not isinstance(value, Default)
    }
    if isinstance(values.get("reply_markup"), InlineKeyboardMarkup):
        values["reply_markup"] = values["reply_markup"].model_dump(exclude_none=True)
    return type(method), values


async def test_a_screen_is_sent_as_an_answer_is(telegram: Recorder, message: Message) -> None:
    await send(message, Screen("Bookings", MARKUP))

    answer = message.answer("Bookings", reply_markup=AS_AIOGRAM)
    assert [contents(call) for call in telegram.calls] == [contents(answer)]


async def test_a_screen_is_drawn_as_a_text_is_edited(
    telegram: Recorder, press: CallbackQuery, message: Message
) -> None:
    await show(press, Screen("Bookings", MARKUP), toast="Done")

    answer = press.answer("Done", show_alert=False)
    edit = message.edit_text("Bookings", reply_markup=AS_AIOGRAM)
    assert [contents(call) for call in telegram.calls] == [contents(answer), contents(edit)]


async def test_one_answer_leaves_nothing_for_the_next(
    telegram: Recorder, press: CallbackQuery
) -> None:
    await acknowledge(press, "Done", alert=True)
    await acknowledge(press)

    first, second = press.answer("Done", show_alert=True), press.answer(show_alert=False)
    assert [contents(call) for call in telegram.calls] == [contents(first), contents(second)]
