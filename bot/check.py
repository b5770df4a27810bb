"""What a start would find, in one line for each thing; nothing is touched."""

from collections.abc import AsyncIterator, Iterator, Sequence
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)

from bot.settings import Settings
from bot.telegram.bots import Bots, open_bots
from db.adoption.lines import Line, note, ok, refused
from db.database import Database
from db.errors import DatabaseUnavailable
from db.server.fitness import DatabaseUnfit, Fitness, examine


async def check(settings: Settings) -> Sequence[Line]:
    """Look at the database, the tokens and the webhooks."""
    async with open_bots(settings) as bots:
        telegram = [line async for line in _telegram(settings, bots)]
    return [*await _database(settings), *telegram]


async def _database(settings: Settings) -> Sequence[Line]:
    if settings.database_url is None:
        return [ok("PostgreSQL", f"comes with the program; its data is in {settings.data_dir}")]
    dsn, direct = settings.database_url.get_secret_value(), settings.database_direct_url
    own = None if direct is None else direct.get_secret_value()
    try:
        found = await examine(dsn, own)
        async with Database.connect(own or dsn, connections=1) as db:
            return [*_way(found), *await db.look(timezone=settings.timezone.key)]
    except DatabaseUnfit as error:
        return [refused("PostgreSQL", str(error))]
    except DatabaseUnavailable as error:
        return [refused("PostgreSQL", f"cannot be used: {error}; check DATABASE_URL")]


def _way(found: Fitness) -> Iterator[Line]:
    tls = found.tls or "none"
    if found.is_trusted:
        yield ok("TLS", f"{tls}; the server is known")
    else:
        yield note("TLS", f"{tls}; the server has not proved who it is: add sslmode=verify-full")
    yield ok("pooling", "sessions last")


async def _telegram(settings: Settings, bots: Bots) -> AsyncIterator[Line]:
    for bot in bots.all:
        token = "BOT_TOKEN" if bot is bots.desk else "STUDENT_BOT_TOKEN"
        try:
            me = await bot.me()
            yield ok("token", f"{token} is @{me.username}'s")
            if bot is bots.desk or bots.sees_students:
                yield await _webhook(settings, bots, bot)
        except (TelegramUnauthorizedError, TelegramNotFound):
            yield refused("token", f"Telegram does not know {token}")
        except AiogramError as error:
            yield refused("token", f"Telegram cannot be reached: {error}; check TELEGRAM_API_URL")


async def _webhook(settings: Settings, bots: Bots, bot: Bot) -> Line:
    info = await bot.get_webhook_info()
    host = urlsplit(info.url).hostname
    if settings.webhook is None:
        if not host:
            return ok("webhook", "none; the desk polls")
        return note("webhook", f"{host} receives the updates; the start takes it away, to poll")
    url = bots.address(bot, settings.webhook.url)
    if info.url != url:
        ours = f"the start sets {urlsplit(url).hostname}"
        if not host:
            return ok("webhook", f"none; {ours}")
        return note("webhook", f"{host} receives the updates; {ours}")
    if info.last_error_message:
        return note("webhook", f"{host}; Telegram's last error: {info.last_error_message}")
    return ok("webhook", f"{host} receives the updates")
