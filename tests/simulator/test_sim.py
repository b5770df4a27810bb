"""People, faults and the record over HTTP."""

import asyncio
import json
from base64 import b64encode
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramServerError
from aiohttp import ClientSession

from simulator import BotAccount, ChatMessage, Control, Person, Telegram, serve
from tests.simulator.values import png

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

    assert {"id": 1002, "username": "other_bot", "name": "Other", "inline": False} in (
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
    assert (await sim.ask("GET", "/faults"))[1] == [fault | {"chat_id": None}]
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


async def test_the_record_is_read_on_from_a_number(sim: Sim, bot: Bot) -> None:
    await bot.get_me()
    await bot.get_me()

    [latest] = (await sim.ask("GET", "/calls?after=1"))[1]

    assert (latest["number"], latest["method"]) == (2, "getMe")


async def test_a_chat_tells_what_the_bot_has_fetched(sim: Sim, bot: Bot, anna: Person) -> None:
    assert [one["read"] for one in (await sim.ask("GET", f"/people/1/chat/{DESK}"))[1]] == [False]

    [update] = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)

    assert [one["read"] for one in (await sim.ask("GET", f"/people/1/chat/{DESK}"))[1]] == [True]


async def test_chats_are_listed_begun_or_not(
    sim: Sim, bot: Bot, anna: Person, boris: Person
) -> None:
    await bot.send_message(anna.id, "hi")

    with_anna, with_boris = (await sim.ask("GET", "/chats"))[1]

    assert (with_anna["begun"], with_anna["received"]) == (True, 1)
    assert with_anna["latest"]["html"] == "hi"
    assert (with_boris["begun"], with_boris["latest"]) == (False, None)


async def test_a_group_is_listed_for_each_member(
    sim: Sim, telegram: Telegram, anna: Person, boris: Person
) -> None:
    telegram.add_group(-500, "Staff", [anna, boris])

    [group] = (await sim.ask("GET", "/groups"))[1]
    chats = (await sim.ask("GET", "/chats"))[1]

    assert (group["title"], group["members"]) == ("Staff", [anna.id, boris.id])
    assert [one["person"] for one in chats if one["place"] == "-500"] == [anna.id, boris.id]


async def test_a_picture_is_sent_and_seen(
    sim: Sim, http: ClientSession, url: str, bot: Bot, anna: Person
) -> None:
    content = b64encode(png(4, 3)).decode()
    photo = {"place": DESK, "content": content, "caption": "look"}
    _, sent = await sim.ask("POST", "/people/1/photo", photo)

    file_id = sent["message"]["photo"][0]["file_id"]
    async with http.get(f"{url}/sim/files/{file_id}") as response:
        assert await response.read() == png(4, 3)
        assert response.headers["Content-Security-Policy"] == "sandbox"
    assert sent["message"]["caption"] == "look"


async def test_messages_of_ones_own_are_answered_edited_and_deleted(
    sim: Sim, desk: BotAccount, anna: Person
) -> None:
    reply = {"place": DESK, "text": "and", "reply_to": 1}
    _, sent = await sim.ask("POST", "/people/1/send", reply)
    assert sent["message"]["reply_to_message"]["text"] == "/start"

    await sim.ask("POST", "/people/1/edit", {"place": DESK, "message_id": 2, "text": "so"})
    assert anna.chat(desk)[-1].text == "so"

    await sim.ask("POST", "/people/1/delete", {"place": DESK, "message_id": 2})
    assert [one.text for one in anna.chat(desk)] == ["/start"]


async def test_everything_is_forgotten_at_once(sim: Sim, telegram: Telegram, anna: Person) -> None:
    telegram.clear()

    assert (await sim.ask("GET", "/people"))[1] == (await sim.ask("GET", "/chats"))[1] == []
    assert telegram.recent[-1].kind == "clear"


async def test_the_program_around_offers_what_it_can_do(
    http: ClientSession, telegram: Telegram
) -> None:
    done = asyncio.Event()

    async def restart() -> None:
        done.set()

    async with serve(telegram, controls={"Restart": Control(restart, "Sure?")}) as url:
        sim = Sim(http, url)
        telegram.advise("Restart the bot")
        offered = {
            "hint": "Restart the bot",
            "controls": [{"name": "Restart", "question": "Sure?", "for_developers": False}],
        }
        assert await sim.ask("GET", "/controls") == (200, offered)
        assert (await sim.ask("POST", "/controls/Restart"))[0] == 200

    assert done.is_set()


async def test_the_page_may_load_nothing_from_elsewhere(http: ClientSession, url: str) -> None:
    async with http.get(f"{url}/") as response:
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "://" not in await response.text()


async def test_time_passes_on_request(sim: Sim, telegram: Telegram) -> None:
    before = telegram.clock.now()

    await sim.ask("POST", "/clock", {"advance": 3600})

    assert (telegram.clock.now() - before).total_seconds() >= 3600


async def test_changes_are_streamed(
    http: ClientSession, url: str, telegram: Telegram, anna: Person
) -> None:
    number = telegram.recent[0].number
    seen = {"Last-Event-ID": str(number - 1)}

    async with http.get(f"{url}/sim/events", headers=seen) as response:
        first = [await response.content.readline() for _ in range(2)]
        assert response.content_type == "text/event-stream"

    assert first[0] == f"id: {number}\n".encode()
    data = json.loads(first[1].removeprefix(b"data: "))
    assert data == {"kind": "account", "user_id": anna.id}


async def test_who_has_seen_another_telegram_or_missed_too_much_begins_anew(
    http: ClientSession, url: str, telegram: Telegram, anna: Person
) -> None:
    before, after = telegram.recent[0].number - 2, telegram.recent[-1].number + 1
    for number in before, after:
        seen = {"Last-Event-ID": str(number)}
        async with http.get(f"{url}/sim/events", headers=seen) as response:
            told = [await response.content.readline() for _ in range(2)]

        assert told == [
            f"id: {telegram.recent[-1].number}\n".encode(),
            b'data: {"kind": "clear"}\n',
        ]


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
        ("POST", "/faults", {"kind": "CutAfter", "times": 0}, 400),
        ("POST", "/faults", {"kind": "CutAfter", "method": "sendMesage"}, 404),
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
