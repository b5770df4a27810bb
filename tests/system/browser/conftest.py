"""A browser, the demo as a user starts it, and a page with any bot."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

from simulator import BotAccount, Person, Telegram, serve
from tests.system.browser.chromium import PATIENCE, find_chromium, launched
from tests.system.browser.demo import Chat, Demo, demo_running

TOKEN = "1001:any-bot"
#: "required" makes the tests fail instead of skip if there is no Chromium.
VARIABLE = "BROWSER_TESTS"


@pytest.fixture(scope="package")
def chromium() -> str:
    """Return the path of Chromium; without it, skip the tests, or fail if they are required."""
    found = find_chromium()
    if found:
        return found
    if os.environ.get(VARIABLE) == "required":
        pytest.fail("Chromium is not installed, and these tests must run here")
    pytest.skip("Chromium is not installed: nobody has looked at the page")


@pytest.fixture(scope="package")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with launched(chromium) as browser:
        yield browser


@pytest.fixture(scope="package")
async def running_demo(
    chromium: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Demo]:
    """Yield the demo of all tests; each test resets it first."""
    async with demo_running(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture
async def demo(running_demo: Demo) -> Demo:
    await running_demo.reset()
    return running_demo


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Yield the messages of the browser's console; there must be none at the end."""
    messages: list[str] = []
    yield messages
    assert messages == []


@pytest.fixture(scope="package")
async def window(browser: Browser) -> BrowserContext:
    """Yield the browser of all tests; starting one takes a second of CPU."""
    window = await browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    await window.new_page()
    return window


@pytest.fixture
async def page(window: BrowserContext, complaints: list[str], url: str) -> AsyncIterator[Page]:
    """Yield an empty page without stored state, wide enough for two chats.

    It is closed before the server at `url`, of whose end it would complain.
    """
    page = await window.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(PATIENCE)
    yield page
    await page.close()
    await _forget(window)


async def _forget(window: BrowserContext) -> None:
    devtools = await window.new_cdp_session(window.pages[0])
    everything = {"origin": "*", "storageTypes": "all"}
    await devtools.send("Storage.clearDataForOrigin", everything)
    await devtools.detach()
    await window.clear_permissions()


@pytest.fixture
def desk(telegram: Telegram) -> BotAccount:
    return telegram.add_bot(TOKEN, username="any_bot", name="Any bot", inline=True)


@pytest.fixture
def anna(telegram: Telegram, desk: BotAccount) -> Person:
    anna = telegram.add_person(1, "Anna", language_code="en")
    anna.start(desk)
    return anna


@pytest.fixture
async def url(telegram: Telegram) -> AsyncIterator[str]:
    async with serve(telegram) as url:
        yield url


@pytest.fixture
async def bot(url: str, desk: BotAccount) -> AsyncIterator[Bot]:
    async with AiohttpSession(api=TelegramAPIServer.from_base(url)) as session:
        yield Bot(TOKEN, session, DefaultBotProperties(parse_mode="HTML"))


@pytest.fixture
async def chat(page: Page, url: str, anna: Person) -> Chat:
    """Return Anna's chat with the bot."""
    await page.goto(f"{url}/#1@any_bot")
    chat = Chat(page, 0)
    await chat.shows("/start")
    return chat
