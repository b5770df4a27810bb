"""Calls through the desk's own session, to a Telegram with a fixed answer."""

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile, Message, MessageId
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.telegram.intake.polling import Poller
from bot.telegram.session import WatchedSession, watching_request

CHAT: Final = {"id": 13, "type": "private", "first_name": "Vera"}
MESSAGE: Final = {"message_id": 7, "date": 1_700_000_000, "chat": CHAT}
SIZE: Final = {"file_id": "file-1", "file_unique_id": "u", "width": 1, "height": 1}
FILE: Final = BufferedInputFile(b"png", "chart.png")


class OneAnswer:
    """A Telegram whose result is always the same."""

    def __init__(self) -> None:
        self.result: Any = MESSAGE
        self.raw: tuple[int, bytes] | None = None
        self.calls: list[tuple[str, str]] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.calls.append((request.path.rpartition("/")[2], request.content_type))
        await request.read()
        if self.raw is not None:
            status, content = self.raw
            headers = {"Location": "/portal"} if status == 302 else {}
            return web.Response(status=status, body=content, headers=headers)
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


async def test_a_request_after_the_end_opens_nothing(bot: Bot, telegram: OneAnswer) -> None:
    await bot.send_message(13, "before")
    await bot.session.close()

    with pytest.raises(TelegramNetworkError, match="the program ends"):
        await bot.send_message(13, "after")

    assert len(telegram.calls) == 1


async def test_a_request_that_nobody_accepts_has_not_left() -> None:
    api = TelegramAPIServer.from_base("http://127.0.0.1:9")
    async with Bot("1001:desk", session=WatchedSession(api=api)) as bot:
        with watching_request() as request, pytest.raises(TelegramNetworkError):
            await bot.send_message(13, "Welcome")

    assert not request.left


PAGE: Final = b"<html>Vera, sign in to the network</html>"


@pytest.mark.parametrize("photo", [None, FILE])
@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (302, PAGE, TelegramServerError),
        (403, PAGE, TelegramServerError),
        (429, PAGE, TelegramServerError),
        (429, b'{"ok": false}', TelegramServerError),
        (429, b'{"ok": false, "description": "Too Many Requests"}', TelegramServerError),
        (502, PAGE, TelegramServerError),
        (504, PAGE, TelegramNetworkError),
        (511, PAGE, TelegramServerError),
        (500, b'{"ok": false}', TelegramServerError),
        (403, b'{"ok": false}', TelegramForbiddenError),
        (200, PAGE, TelegramNetworkError),
        (200, b"", TelegramNetworkError),
        (200, b"null", TelegramNetworkError),
        (200, b"[]", TelegramNetworkError),
        (200, b'"Vera"', TelegramNetworkError),
        (200, b'{"ok": true', TelegramNetworkError),
        (200, b'{"ok": true}', TelegramNetworkError),
        (200, b'{"ok": true, "result": null}', TelegramNetworkError),
        (200, b'{"ok": true, "result": {"name": "Vera"}}', TelegramNetworkError),
        (200, b"\xff\xfe\x00Vera", TelegramNetworkError),
    ],
)
async def test_what_is_no_answer_of_telegram_is_an_error_of_telegram(
    bot: Bot,
    telegram: OneAnswer,
    photo: BufferedInputFile | None,
    status: int,
    content: bytes,
    error: type[TelegramAPIError],
) -> None:
    telegram.raw = status, content

    with pytest.raises(error) as raised:
        await (bot.send_photo(13, photo) if photo else bot.send_message(13, "Welcome"))

    assert "Vera" not in str(raised.value)
    assert raised.value.message
    for call in (bot.get_me(), bot.answer_callback_query("1"), bot.set_my_commands([])):
        with pytest.raises(TelegramAPIError):
            await call


@pytest.mark.parametrize(("asked", "waited"), [(-5, 1), (7, 7), (10**15, 86_400)])
async def test_a_pause_is_one_that_can_be_kept(
    bot: Bot, telegram: OneAnswer, asked: int, waited: int
) -> None:
    telegram.raw = 429, b'{"ok": false, "parameters": {"retry_after": %d}}' % asked

    with pytest.raises(TelegramRetryAfter) as raised:
        await bot.send_message(13, "Welcome")

    assert raised.value.retry_after == waited


@pytest.mark.parametrize(
    "content",
    [PAGE, b"null", b'{"ok": true}', b'{"ok": true, "result": [7, {"name": "Vera"}]}', b"\xff"],
)
async def test_what_brings_no_updates_is_one_line(
    bot: Bot, telegram: OneAnswer, content: bytes
) -> None:
    telegram.raw = 200, content

    with capture_logs() as lines:
        assert await Poller(bot, Dispatcher(disable_fsm=True)).fetch() > 0

    [line] = lines
    assert line["event"] == "updates cannot be fetched"
    assert "Vera" not in str(line)
