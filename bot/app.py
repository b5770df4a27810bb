"""Wiring: which parts there are, and how they start and stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

import structlog
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from pydantic import SecretStr

import handlers
from bot.i18n import Translators
from bot.middlewares import DrainMiddleware, SpeakerMiddleware
from bot.services.bookings import BookingService
from bot.services.outside import OutsideService
from bot.services.staff import Staff
from bot.services.students import StudentService
from bot.services.upkeep import UpkeepService
from bot.settings import Settings
from bot.workers.delivery import DeliveryWorker
from bot.workers.loop import repeat
from db.database import Database
from db.embedded import embedded_postgres
from db.listener import listen
from handlers.menus import show_menus

_POLL_SECONDS: Final = 5
"""How long anything waits at most whose notification got lost."""
_UPKEEP_SECONDS: Final = 60
_DRAIN_SECONDS: Final = 5

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bots:
    """The bot that admins talk to, and the one that writes to students; maybe the same."""

    desk: Bot
    students: Bot


def build_dispatcher(
    db: Database, staff: Staff, translators: Translators, drain: DrainMiddleware
) -> Dispatcher:
    """Return the dispatcher; its keyword arguments are what handlers may ask for by name."""
    dispatcher = Dispatcher(
        bookings=BookingService(db, staff), students=StudentService(db), translators=translators
    )
    dispatcher.update.outer_middleware(drain)
    dispatcher.update.outer_middleware(SpeakerMiddleware(staff, translators))
    dispatcher.include_router(handlers.build_router())
    return dispatcher


async def run(settings: Settings, *, stop: asyncio.Event) -> None:
    """Run the desk until `stop` is set.

    Raises:
        EmbeddedPostgresError, DatabaseUnavailable, MigrationError: there is no database to use.
        TelegramAPIError: Telegram does not answer, or does not know the token.
    """
    async with _database(settings) as (db, dsn), _bots(settings) as bots:
        translators = Translators(default=settings.language, timezone=settings.timezone)
        drain = DrainMiddleware()
        dispatcher = build_dispatcher(db, Staff(settings.admin_ids), translators, drain)
        me = await bots.desk.me()
        await bots.students.me()
        await bots.desk.delete_webhook(drop_pending_updates=False)
        await show_menus(bots.desk, settings.admin_ids, translators)
        async with asyncio.TaskGroup() as tasks:
            working = _start_workers(tasks, db, dsn, bots, translators)
            polling = tasks.create_task(_poll(dispatcher, bots.desk))
            logger.info("the desk is open", bot=me.username, admins=len(settings.admin_ids))
            await stop.wait()
            # Refused when the stop came first; then the cancelled task never begins to poll.
            with suppress(RuntimeError):
                await dispatcher.stop_polling()
            await drain.drained(_DRAIN_SECONDS)
            for task in (*working, polling):
                task.cancel()


def _start_workers(
    tasks: asyncio.TaskGroup, db: Database, dsn: str, bots: Bots, translators: Translators
) -> list[asyncio.Task[None]]:
    due, changed, never = asyncio.Event(), asyncio.Event(), asyncio.Event()
    delivery = DeliveryWorker(db, bots.students, translators)
    outside = OutsideService(db)
    upkeep = UpkeepService(db)
    return [
        tasks.create_task(listen(dsn, {"outbox": due, "outside": changed})),
        tasks.create_task(repeat(delivery.run_once, wake=due, idle_seconds=_POLL_SECONDS)),
        tasks.create_task(repeat(outside.follow, wake=changed, idle_seconds=_POLL_SECONDS)),
        tasks.create_task(repeat(upkeep.run, wake=never, idle_seconds=_UPKEEP_SECONDS)),
    ]


async def _poll(dispatcher: Dispatcher, bot: Bot) -> None:
    await dispatcher.start_polling(
        bot,
        # Telegram remembers the last list it was given, so it is always given.
        allowed_updates=dispatcher.resolve_used_update_types(),
        handle_signals=False,
        close_bot_session=False,
    )


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[tuple[Database, str]]:
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            dsn = await stack.enter_async_context(embedded_postgres(settings.data_dir))
        else:
            dsn = settings.database_url.get_secret_value()
        db = await stack.enter_async_context(Database.connect(dsn))
        await db.migrate()
        yield db, dsn


@asynccontextmanager
async def _bots(settings: Settings) -> AsyncIterator[Bots]:
    async with AsyncExitStack() as stack:

        async def opened(token: SecretStr) -> Bot:
            api = settings.telegram_api_url
            server = PRODUCTION if api is None else TelegramAPIServer.from_base(str(api))
            bot = Bot(
                token.get_secret_value(),
                session=AiohttpSession(api=server),
                default=DefaultBotProperties(parse_mode=ParseMode.HTML),
            )
            return await stack.enter_async_context(bot)

        desk = await opened(settings.bot_token)
        other = settings.student_bot_token
        yield Bots(desk=desk, students=desk if other is None else await opened(other))
