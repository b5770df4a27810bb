"""A website that is open in somebody's browser gets nothing of what runs on their machine."""

from typing import Final

import pytest
from aiohttp import ClientSession

from simulator import BotAccount, Telegram
from tests.simulator.values import TOKEN

PATHS: Final = [
    "/",
    "/page/main.js",
    "/sim/people",
    "/sim/events",
    f"/bot{TOKEN}/getMe",
    f"/file/bot{TOKEN}/photos/file_1.jpg",
    "/nothing",
]
FOREIGN: Final = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "http://[", "Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    {"Host": "rebound.example:8081"},
    {"Host": "rebound.example", "Origin": "http://rebound.example"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "user@[evil.example"},
    {"Host": ""},
]
OUR_OWN: Final[list[dict[str, str]]] = [
    {},
    {"Sec-Fetch-Site": "none", "Host": "localhost:8081"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Host": "localhost:8081", "Origin": "http://localhost:8081"},
    {"Host": "[::1]:8081", "Origin": "http://[::1]:8081"},
    {"Host": "simulator:8081"},
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("headers", FOREIGN)
async def test_another_website_gets_nothing(
    http: ClientSession, url: str, desk: BotAccount, path: str, headers: dict[str, str]
) -> None:
    async with http.get(f"{url}{path}", headers=headers) as answer:
        assert answer.status == 403
        assert "only the page itself may ask" in await answer.text()


@pytest.mark.parametrize("headers", OUR_OWN)
@pytest.mark.parametrize("path", ["/", "/sim/people", f"/bot{TOKEN}/getMe"])
async def test_the_page_bots_and_programs_get_all(
    http: ClientSession, url: str, desk: BotAccount, path: str, headers: dict[str, str]
) -> None:
    async with http.get(f"{url}{path}", headers=headers) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("path", ["sendMessage", "getUpdates", "deleteWebhook"])
async def test_a_website_that_is_simple_does_not_act_as_a_bot(
    http: ClientSession, url: str, telegram: Telegram, desk: BotAccount, method: str, path: str
) -> None:
    headers = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
    address = f"{url}/bot{TOKEN}/{path}?chat_id=1&text=hi"

    async with http.request(method, address, headers=headers) as answer:
        body = await answer.json()

    assert body["error_code"] == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert not telegram.calls


async def test_a_link_leads_to_the_page_but_to_nothing_else(
    http: ClientSession, url: str, desk: BotAccount
) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with http.get(url, headers=followed) as answer:
        assert answer.status == 200
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    async with http.get(f"{url}/bot{TOKEN}/getMe", headers=followed) as answer:
        assert answer.status == 403
