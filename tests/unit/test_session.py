"""Calls through the desk's own session, to a Telegram with a fixed answer."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.types import BufferedInputFile, Message, MessageId
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.telegram.session import WatchedSession, watching_request

CHAT: Final = {"id": 13, "type": "private", "first_name": "Vera"}
MESSAGE: Final = {"message_id": 7, "date": 1_700_000_000, "chat": CHAT}
SIZE: Final = {"file_id": "file-1", "file_unique_id": "u", "width": 1, "height": 1}
FILE: Final = BufferedInputFile(b"png", "chart.png")


class OneAnswer:
    """A Telegram whose result is always the same."""

    def __init__(self) -> None:
        self.result: Any = MESSAGE
        self.calls: list[tuple[str, str]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.calls.append((request.path.rpartition("/")[2], request.content_type))
        await request.read()
        return web.json_response({"ok": True, "result": self.result})


@pytest.fixture
def telegram() -> OneAnswer:
    return OneAnswer()


@pytest.fixture
async def bot(telegram: OneAnswer) -> AsyncIterator[Bot]:
    app = web.Application()
    app.router.add_post("/{call:.*}", telegram.answer)
    async with TestServer(app) as server:
        api = TelegramAPIServer.from_base(str(server.make_url("")))
        async with Bot("1001:desk", session=WatchedSession(api=api)) as bot:
            yield bot


@pytest.mark.parametrize(
    ("photo", "content_type"), [("file-0", "application/json"), (FILE, "multipart/form-data")]
)
async def test_a_photo_comes_back_with_its_file_id(
    bot: Bot, telegram: OneAnswer, photo: str | BufferedInputFile, content_type: str
) -> None:
    telegram.result = MESSAGE | {"photo": [SIZE]}

    message = await bot.send_photo(13, photo)

    assert message.photo is not None
    assert message.photo[0].file_id == "file-1"
    assert telegram.calls == [("sendPhoto", content_type)]


async def test_a_copy_comes_back_with_its_number_alone(bot: Bot, telegram: OneAnswer) -> None:
    telegram.result = {"message_id": 7}

    copy = await bot.copy_message(13, 11, 5)

    assert type(copy) is MessageId
    assert copy.message_id == 7


async def test_the_message_that_was_sent_has_a_number(bot: Bot) -> None:
    message = await bot.send_message(13, "Welcome")

    assert isinstance(message, Message)
    assert message.message_id == 7


@pytest.mark.parametrize("photo", ["file-0", FILE])
async def test_a_request_that_was_answered_has_left(
    bot: Bot, photo: str | BufferedInputFile
) -> None:
    with watching_request() as request:
        await bot.send_photo(13, photo)

    assert request.left


async def test_a_request_that_nobody_accepts_has_not_left() -> None:
    api = TelegramAPIServer.from_base("http://127.0.0.1:9")
    async with Bot("1001:desk", session=WatchedSession(api=api)) as bot:
        with watching_request() as request, pytest.raises(TelegramNetworkError):
            await bot.send_message(13, "Welcome")

    assert not request.left
