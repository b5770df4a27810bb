"""A bot that speaks aiogram to the simulator over real HTTP, and people to talk to."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientSession

from simulator import BotAccount, ChatMessage, Person, Telegram, serve
from tests.simulator.values import TOKEN


@pytest.fixture(scope="session")
async def session() -> AsyncIterator[AiohttpSession]:
    """One for all tests: aiogram takes a quarter of a second to close one."""
    async with AiohttpSession() as session:
        yield session


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as http:
        yield http


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def url(telegram: Telegram) -> AsyncIterator[str]:
    async with serve(telegram) as url:
        yield url


@pytest.fixture
def desk(telegram: Telegram) -> BotAccount:
    return telegram.add_bot(TOKEN, username="school_desk_bot", name="School desk", inline=True)


@pytest.fixture
def bot(session: AiohttpSession, url: str, desk: BotAccount) -> Bot:
    session.api = TelegramAPIServer.from_base(url)
    return Bot(TOKEN, session, DefaultBotProperties(parse_mode="HTML"))


@pytest.fixture
def anna(telegram: Telegram, desk: BotAccount) -> Person:
    """Someone who has started the bot."""
    anna = telegram.add_person(1, "Anna", username="anna", language_code="en")
    anna.start(desk)
    return anna


@pytest.fixture
def boris(telegram: Telegram) -> Person:
    """Someone who has not."""
    return telegram.add_person(2, "Борис", language_code="ru")


@pytest.fixture
async def card(bot: Bot, desk: BotAccount, anna: Person) -> ChatMessage:
    """A message of the bot that Anna sees."""
    await bot.send_message(anna.id, "card")
    return anna.chat(desk)[-1]
