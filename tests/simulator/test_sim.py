"""People, faults and the record over HTTP."""

import json
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramServerError
from aiohttp import ClientSession

from simulator import BotAccount, ChatMessage, Person, Telegram, serve

DESK = "school_desk_bot"


class Sim:
    """A client of the HTTP side."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/sim"

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        async with self._http.request(method, f"{self._url}{path}", json=body) as response:
            return response.status, await response.json()


@pytest.fixture
def sim(http: ClientSession, url: str, desk: BotAccount) -> Sim:
    return Sim(http, url)


async def test_someone_new_starts_the_bot(sim: Sim, bot: Bot, telegram: Telegram) -> None:
    status, vera = await sim.ask("POST", "/people", {"id": 3, "first_name": "Vera"})
    assert status == 201
    await sim.ask("POST", "/people/3/start", {"place": DESK, "payload": "x"})

    message = (await bot.get_updates())[-1].message
    assert message
    assert (message.text, message.chat.id) == ("/start x", 3)
    assert vera in (await sim.ask("GET", "/people"))[1]


async def test_a_bot_can_be_added(sim: Sim, telegram: Telegram) -> None:
    await sim.ask("POST", "/bots", {"token": "1002:x", "username": "other_bot", "name": "Other"})

    assert {"id": 1002, "username": "other_bot", "name": "Other"} in (
        await sim.ask("GET", "/bots")
    )[1]


async def test_a_chat_is_shown_as_the_person_sees_it(sim: Sim, bot: Bot, anna: Person) -> None:
    await sim.ask("POST", "/people/1/send", {"place": DESK, "text": "hi"})
    await bot.send_message(anna.id, "<b>hello</b>")

    _, messages = await sim.ask("GET", f"/people/1/chat/{DESK}")

    assert [one["html"] for one in messages] == ["/start", "hi", "<b>hello</b>"]
    assert messages[-1]["message"]["from"]["is_bot"]


async def test_a_press_is_answered(sim: Sim, bot: Bot, card: ChatMessage) -> None:
    press = {"place": DESK, "message_id": card.message_id, "data": "x"}
    _, query = await sim.ask("POST", "/people/1/press", press)
    assert (await sim.ask("GET", f"/presses/{query['id']}"))[1] is None

    await bot.answer_callback_query(query["id"], "done")

    assert (await sim.ask("GET", f"/presses/{query['id']}"))[1] == {
        "text": "done",
        "show_alert": False,
        "url": None,
    }


async def test_a_bot_is_blocked_and_unblocked(sim: Sim, bot: Bot, anna: Person) -> None:
    await sim.ask("POST", "/people/1/block", {"place": DESK})
    await sim.ask("POST", "/people/1/unblock", {"place": DESK})

    kinds = [update.event_type for update in await bot.get_updates()]
    assert kinds == ["message", "my_chat_member", "my_chat_member"]


async def test_faults_are_added_and_cleared(sim: Sim, bot: Bot) -> None:
    fault = {"kind": "ServerError", "code": 502, "method": "getMe", "times": None}
    await sim.ask("POST", "/faults", fault)
    with pytest.raises(TelegramServerError, match="Bad Gateway"):
        await bot.get_me()

    await sim.ask("DELETE", "/faults")

    await bot.get_me()


async def test_the_record_is_read(sim: Sim, bot: Bot, anna: Person) -> None:
    await bot.get_me()
    await bot.send_message(anna.id, "hi")

    [call] = (await sim.ask("GET", "/calls?method=sendMessage"))[1]

    assert call["parameters"]["text"] == call["body"]["result"]["text"] == "hi"
    assert (call["bot"], call["status"]) == (DESK, 200)
    assert call["started"] <= call["finished"]


async def test_time_passes_on_request(sim: Sim, telegram: Telegram) -> None:
    before = telegram.clock.now()

    await sim.ask("POST", "/clock", {"advance": 3600})

    assert (telegram.clock.now() - before).total_seconds() >= 3600


async def test_changes_are_streamed(
    http: ClientSession, url: str, desk: BotAccount, anna: Person
) -> None:
    async with http.get(f"{url}/sim/events", headers={"Last-Event-ID": "0"}) as response:
        first = [await response.content.readline() for _ in range(3)]
        assert response.content_type == "text/event-stream"

    assert first[:2] == [b"id: 1\n", b"event: message\n"]
    data = json.loads(first[2].removeprefix(b"data: "))
    assert data == {"chat_id": 1, "bot": DESK, "message_id": 1}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/people/77/send", {"place": DESK, "text": "hi"}, 404),
        ("POST", "/people/1/send", {"place": "nobody_bot", "text": "hi"}, 404),
        ("POST", "/people/1/send", {"place": DESK, "words": "hi"}, 400),
        ("POST", "/people/1/press", {"place": DESK, "message_id": 77, "data": "x"}, 404),
        ("POST", "/people", {"id": 1, "first_name": "Anna"}, 409),
        ("POST", "/faults", {"kind": "Earthquake"}, 404),
        ("POST", "/faults", {"kind": "Delay"}, 400),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_reason(
    sim: Sim, anna: Person, method: str, path: str, body: object, status: int
) -> None:
    answered, reply = await sim.ask(method, path, body)

    assert answered == status
    assert reply["error"]


async def test_a_stream_ends_with_the_server(http: ClientSession, telegram: Telegram) -> None:
    async with serve(telegram) as url:
        stream = await http.get(f"{url}/sim/events")

    assert b"closing" not in await stream.read()
    stream.close()
