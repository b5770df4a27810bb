"""What a bot may send over the wire, and how it is answered."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramNotFound,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetMe, SendPoll
from aiohttp import ClientSession, FormData

from simulator import BotAccount, Person, Telegram
from tests.simulator.rules import source
from tests.simulator.values import TOKEN

MESSAGE = {"chat_id": "1", "text": "hi"}


async def test_a_bot_learns_who_it_is(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.id, me.username, me.is_bot) == (1001, "school_desk_bot", True)
    assert (me.can_connect_to_business, me.has_main_web_app) == (False, False)


async def test_an_unknown_token_is_unauthorized(bot: Bot, url: str) -> None:
    stranger = Bot("1002:other-token", bot.session)

    with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
        await stranger.get_me()


async def test_a_method_the_bot_api_does_not_have_is_not_found(
    telegram: Telegram, bot: Bot
) -> None:
    class GetYou(GetMe):
        __api_method__ = "getYou"

    with pytest.raises(TelegramNotFound, match="Not Found"):
        await bot(GetYou())
    assert (telegram.calls[-1].method, telegram.calls[-1].status) == ("getYou", 404)


async def test_a_method_that_is_not_simulated_says_so(
    http: ClientSession, url: str, bot: Bot
) -> None:
    poll = {"chat_id": 1, "question": "?", "options": [{"text": "a"}]}

    async with http.post(f"{url}/bot{TOKEN}/{SendPoll.__api_method__}", json=poll) as response:
        answer = await response.json()

    assert answer == {
        "ok": False,
        "error_code": 501,
        "description": "Not Implemented: the simulator has no sendPoll",
    }


async def test_a_parameter_that_is_not_simulated_says_so(bot: Bot, anna: Person) -> None:
    with pytest.raises(TelegramServerError, match=r"has no .*business_connection_id"):
        await bot.send_message(anna.id, "hi", business_connection_id="x")


@pytest.mark.parametrize(
    ("call", "complaint"),
    [
        (
            {"chat_id": 1, "text": "hi", "colour": "red"},
            r"unknown parameters of sendMessage: \['co",
        ),
        ({"chat_id": 1}, "message text is empty"),
        ({"text": "hi"}, "chat_id is empty"),
        ({"chat_id": 1, "text": "hi", "message_thread_id": "x"}, "can't parse message_thread_id"),
        (
            {"chat_id": 1, "text": "hi", "reply_markup": "{"},
            "can't parse reply keyboard markup JSON object",
        ),
        (
            {"chat_id": 1, "text": "hi", "reply_parameters": {"message_id": 1, "loud": True}},
            r"ReplyParameters has no \['loud'\]",
        ),
    ],
)
async def test_what_the_schema_does_not_allow_is_refused(
    http: ClientSession, url: str, anna: Person, call: dict[str, Any], complaint: str
) -> None:
    async with http.post(f"{url}/bot{TOKEN}/sendMessage", json=call) as response:
        answer = await response.json()

    assert response.status == answer["error_code"] == 400
    with pytest.raises(AssertionError, match=complaint):
        raise AssertionError(answer["description"])


@source("HttpReader::read_next")
@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"chat_id": 1, "text": "hi"}},
        {"params": MESSAGE},
        {"data": MESSAGE},
        {"data": FormData(MESSAGE, default_to_multipart=True)},
    ],
    ids=["json", "query", "urlencoded", "multipart"],
)
async def test_parameters_come_in_four_ways(
    http: ClientSession, url: str, desk: BotAccount, anna: Person, request_: dict[str, Any]
) -> None:
    async with http.post(f"{url}/bot{TOKEN}/SENDMESSAGE", **request_) as response:
        assert (await response.json())["result"]["text"] == "hi"

    assert anna.chat(desk)[-1].text == "hi"


async def test_calls_are_recorded_with_what_was_asked_and_answered(
    telegram: Telegram, bot: Bot, anna: Person
) -> None:
    await bot.send_message(anna.id, "hi")
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(3, "hi")

    sent, refused = telegram.calls

    assert sent.ok
    assert sent.method == "sendMessage"
    assert sent.parameters == {"chat_id": 1, "text": "hi", "parse_mode": "HTML"}
    assert sent.body
    assert sent.body["result"]["text"] == "hi"
    assert sent.finished
    assert sent.started <= sent.finished
    assert refused.status == 400
    assert refused.body
    assert refused.body["description"] == "Bad Request: chat not found"


@source("HttpReader::parse_json_parameters")
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("[]", "JSON object expected"),
        ("{", "can't parse parameter name"),
        ('{"a" 1}', "can't parse object, ':' expected"),
        ('{"a": 1 "b"}', "expected next field or object end"),
        ('{"a": 1} 2', "unexpected data after object end"),
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(
    http: ClientSession, url: str, desk: BotAccount, body: str, complaint: str
) -> None:
    headers = {"Content-Type": "application/json"}

    async with http.post(f"{url}/bot{TOKEN}/getMe", data=body, headers=headers) as response:
        answer = await response.json()

    assert answer["description"] == f"Bad Request: {complaint}"
