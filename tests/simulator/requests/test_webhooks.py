"""Getting updates by having them pushed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from simulator import BotAccount, Person, Telegram
from tests.simulator.rules import source

StartServer = Callable[[web.Application], Awaitable[str]]


@pytest.fixture
async def start_server() -> AsyncIterator[StartServer]:
    """Serve an application on a free port, and return the address of its webhook."""
    servers = []

    async def start(app: web.Application) -> str:
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
        return str(server.make_url("/webhook"))

    yield start
    for server in servers:
        await server.close()


def app_of(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.Application:
    app = web.Application()
    app.router.add_post("/webhook", handler)
    return app


@pytest.mark.parametrize("handle_in_background", [True, False])
async def test_an_aiogram_dispatcher_lives_behind_a_webhook(
    telegram: Telegram,
    bot: Bot,
    desk: BotAccount,
    anna: Person,
    start_server: StartServer,
    handle_in_background: bool,
) -> None:
    async def echo(message: Message) -> SendMessage:
        return SendMessage(chat_id=message.chat.id, text=f"<b>{message.text}</b>")

    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    handler = SimpleRequestHandler(
        dispatcher, bot, secret_token="s3cret", handle_in_background=handle_in_background
    )

    app = web.Application()
    handler.register(app, "/webhook")
    await bot.set_webhook(await start_server(app), secret_token="s3cret")
    anna.send(desk, "hello")

    await telegram.until(lambda: "<b>hello</b>" in [m.html for m in anna.chat(desk)])
    await telegram.until(lambda: not desk.updates.pending)


async def test_the_secret_comes_along(
    telegram: Telegram, bot: Bot, desk: BotAccount, boris: Person, start_server: StartServer
) -> None:
    seen: list[str | None] = []

    async def remember(request: web.Request) -> web.Response:
        seen.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response()

    await bot.set_webhook(await start_server(app_of(remember)), secret_token="s3cret")
    boris.start(desk)
    await telegram.until(lambda: not desk.updates.pending)

    assert seen == ["s3cret"]


async def test_an_update_comes_again_until_it_is_taken(
    telegram: Telegram, bot: Bot, desk: BotAccount, boris: Person, start_server: StartServer
) -> None:
    statuses = iter([500, 404, 200])
    seen: list[int] = []

    async def hesitate(request: web.Request) -> web.Response:
        seen.append((await request.json())["update_id"])
        return web.Response(status=next(statuses))

    await bot.set_webhook(await start_server(app_of(hesitate)))
    boris.start(desk)
    await telegram.until(lambda: not desk.updates.pending)

    assert seen == [1, 1, 1]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 404 Not Found"
    assert info.pending_update_count == 0


async def test_several_updates_are_under_way_at_once_but_not_too_many(
    telegram: Telegram, bot: Bot, desk: BotAccount, start_server: StartServer
) -> None:
    under_way: list[int] = []
    two, gate = asyncio.Event(), asyncio.Event()

    async def hold(request: web.Request) -> web.Response:
        under_way.append((await request.json())["update_id"])
        if len(under_way) == 2:
            two.set()
        await gate.wait()
        return web.Response()

    for number in range(5):
        telegram.add_person(100 + number, f"Student {number}").send(desk, "hello")
    await bot.set_webhook(await start_server(app_of(hold)), max_connections=2)
    await asyncio.wait_for(two.wait(), timeout=5)
    for _ in range(3):
        await bot.get_me()
    assert under_way == [1, 2]

    gate.set()
    await telegram.until(lambda: not desk.updates.pending)


async def test_who_writes_twice_is_brought_in_that_order_while_nobody_else_waits(
    telegram: Telegram,
    bot: Bot,
    desk: BotAccount,
    boris: Person,
    start_server: StartServer,
) -> None:
    vera = telegram.add_person(3, "Vera")
    seen: list[str] = []

    async def hesitate(request: web.Request) -> web.Response:
        text = (await request.json())["message"]["text"]
        seen.append(text)
        refused = text == "first" and seen.count("first") < 3
        return web.Response(status=500 if refused else 200)

    for writer, text in ((boris, "first"), (boris, "second"), (vera, "meanwhile")):
        writer.send(desk, text)
    await bot.set_webhook(await start_server(app_of(hesitate)))
    await telegram.until(lambda: not desk.updates.pending)

    assert [text for text in seen if text != "meanwhile"] == ["first"] * 3 + ["second"]
    assert seen.index("meanwhile") < 2


async def test_a_webhook_nobody_answers_is_reported(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    await bot.set_webhook("http://127.0.0.1:9/webhook")
    await telegram.until(lambda: desk.webhook and desk.webhook.failure)

    info = await bot.get_webhook_info()
    assert info.last_error_message == "Connection refused"
    assert info.pending_update_count == 1
    await bot.delete_webhook()


async def test_nothing_is_polled_while_a_webhook_is_set(bot: Bot) -> None:
    await bot.set_webhook("https://example.org/webhook")
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook"):
        await bot.get_updates()

    await bot.delete_webhook()
    await bot.get_updates()


async def test_a_webhook_ends_polling(telegram: Telegram, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.until(lambda: telegram.calls)

    await bot.set_webhook("https://example.org/webhook")

    with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
        await poll


@source("Client::process_set_webhook_query")
async def test_deleting_a_webhook_that_is_not_set_ends_no_poll(
    telegram: Telegram, bot: Bot, desk: BotAccount, boris: Person
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await telegram.until(lambda: telegram.calls)

    await bot.delete_webhook()
    boris.start(desk)

    assert len(await poll) == 1


@source("Client::do_set_webhook")
@pytest.mark.parametrize(
    ("webhook", "secret", "complaint"),
    [
        ("http://example.org", None, "An HTTPS URL must be provided for webhook"),
        ("https://example.org:8080", None, "only on ports 80, 88, 443 or 8443"),
        ("https://example.org", "no spaces", "secret token contains unallowed characters"),
        ("https://example.org", "x" * 257, "secret token is too long"),
        ("https://example.org:99999", None, "invalid webhook URL specified"),
    ],
)
async def test_a_webhook_has_rules(
    bot: Bot, webhook: str, secret: str | None, complaint: str
) -> None:
    with pytest.raises(TelegramBadRequest, match=complaint):
        await bot.set_webhook(webhook, secret_token=secret)


@source("Client::get_webhook_max_connections")
@pytest.mark.parametrize(("asked", "given"), [(1000, 100), (0, 40), (-5, 1)])
async def test_a_webhook_has_as_many_connections_as_there_can_be(
    bot: Bot, asked: int, given: int
) -> None:
    await bot.set_webhook("https://example.org", max_connections=asked, secret_token="")

    assert (await bot.get_webhook_info()).max_connections == given


@source("Client::do_set_webhook")
async def test_telegram_says_what_has_become_of_a_webhook(
    http: ClientSession, url: str, desk: BotAccount
) -> None:
    async def said(method: str, **sent: str) -> str:
        async with http.post(f"{url}/bot{desk.token}/{method}", data=sent) as response:
            answer: dict[str, str] = await response.json()
            return answer["description"]

    address = "https://example.org/webhook"

    assert await said("deleteWebhook") == "Webhook is already deleted"
    assert await said("setWebhook", url=address) == "Webhook was set"
    assert await said("setWebhook", url=address) == "Webhook is already set"
    dropping = await said("setWebhook", url=address, drop_pending_updates="true")
    assert dropping == "Webhook was set"
    assert await said("setWebhook", url=address, secret_token="x") == "Webhook was set"
    assert await said("setWebhook") == "Webhook was deleted"


@source("Client::do_set_webhook")
async def test_a_webhook_that_is_refused_takes_the_former_one_along(bot: Bot) -> None:
    await bot.set_webhook("https://example.org")

    with pytest.raises(TelegramBadRequest):
        await bot.set_webhook("http://example.org")

    assert (await bot.get_webhook_info()).url == ""
