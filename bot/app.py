"""Wiring: which parts there are, and how they start and stop."""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, NoReturn

import structlog
from aiogram import Bot, Dispatcher, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from pydantic import SecretStr

import handlers
from bot.i18n import Translators
from bot.middlewares import DrainMiddleware, SpeakerMiddleware
from bot.polling import poll
from bot.services.bookings import BookingService
from bot.services.deliveries import DeliveryService
from bot.services.filters import FilterService
from bot.services.history import HistoryService
from bot.services.messages import MessageService
from bot.services.outside import OutsideService
from bot.services.people import PersonService
from bot.services.search import SearchService
from bot.services.staff import Staff
from bot.services.status import StatusService
from bot.services.students import StudentService
from bot.services.upkeep import UpkeepService
from bot.services.words import WordService
from bot.settings import Settings
from bot.telegram import PauseMiddleware, WatchedSession
from bot.workers.delivery import DeliveryWorker
from bot.workers.letters import Letters
from bot.workers.loop import repeat
from db.database import Database
from db.embedded import embedded_postgres
from db.listener import listen
from db.models import Sender
from db.turn import Turn
from handlers.menus import show_menus

VERSION: Final[str] = tomllib.loads(
    (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
)["project"]["version"]

_DRAIN_SECONDS: Final = 3
_FINISH_SECONDS: Final = 5
"""Together with the drain under ten seconds: what stops programs waits no longer."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bots:
    """The bot that admins talk to, and the one that writes to students; maybe the same."""

    desk: Bot
    students: Bot

    @property
    def all(self) -> Sequence[Bot]:
        return [self.desk] if self.students is self.desk else [self.desk, self.students]

    def polled(self, settings: Settings) -> bool:
        """Whether the desk polls the bot that students know, and so sees them come."""
        return self.students is self.desk or settings.student_bot_polling

    def senders(self, bot: Bot) -> Sequence[Sender]:
        """Return whose messages go out with `bot`."""
        if self.students is self.desk:
            return [Sender.DESK, Sender.STUDENTS]
        return [Sender.DESK] if bot is self.desk else [Sender.STUDENTS]


def build_dispatcher(
    settings: Settings,
    db: Database,
    bots: Bots,
    router: Router,
    drain: DrainMiddleware,
    translators: Translators,
) -> Dispatcher:
    """Return a dispatcher; its keyword arguments are what handlers may ask for by name."""
    staff = Staff(settings.admin_ids)
    grace = timedelta(seconds=settings.undo_seconds)
    dispatcher = Dispatcher(
        bookings=BookingService(db, staff, grace=grace),
        filters=FilterService(db, staff, timezone=settings.timezone),
        history=HistoryService(db, staff),
        messages=MessageService(db, staff),
        people=PersonService(db, staff),
        search=SearchService(db, staff, grace=grace),
        status=StatusService(db, staff, version=VERSION),
        students=StudentService(db),
        words=WordService(db, staff),
        translators=translators,
        bots=bots.all,
    )
    dispatcher.update.outer_middleware(drain)
    dispatcher.update.outer_middleware(SpeakerMiddleware(staff, translators))
    dispatcher.include_router(router)
    return dispatcher


async def run(settings: Settings, *, stop: asyncio.Event) -> None:
    """Run the desk until `stop` is set.

    Raises:
        EmbeddedPostgresError, DatabaseUnavailable, MigrationError: there is no database to use.
        TelegramAPIError: Telegram does not answer, or does not know the token.
    """
    async with _database(settings) as (db, dsn), _bots(settings) as bots:
        translators = Translators(default=settings.language, timezone=settings.timezone)
        names = [(await bot.me()).username for bot in bots.all]
        drain = DrainMiddleware()
        async with asyncio.TaskGroup() as tasks:
            due, changed = asyncio.Event(), asyncio.Event()
            deliveries = [
                await _delivery(settings, db, bots, bot, translators, tasks) for bot in bots.all
            ]
            endless = [
                listen(dsn, {"outbox": due, "outside": changed}),
                repeat(OutsideService(db).follow, wake=changed),
                repeat(UpkeepService(db).run),
                *(repeat(each.run_once, wake=due) for each in deliveries),
                *(repeat(each.reclaim) for each in deliveries),
                *_polling(settings, db, bots, translators, drain),
                *([] if bots.polled(settings) else [repeat(UpkeepService(db).probe)]),
                show_menus(bots.desk, settings.admin_ids, translators),
            ]
            running = [tasks.create_task(each) for each in endless]
            logger.info("the desk is open", bots=names, version=VERSION)
            await stop.wait()
            for task in running:
                task.cancel()
            await drain.drained(_DRAIN_SECONDS)
            await asyncio.gather(*(each.finish(_FINISH_SECONDS) for each in deliveries))


async def _delivery(
    settings: Settings,
    db: Database,
    bots: Bots,
    bot: Bot,
    translators: Translators,
    tasks: asyncio.TaskGroup,
) -> DeliveryWorker:
    service = DeliveryService(
        db,
        bot_id=bot.id,
        senders=bots.senders(bot),
        rate=settings.send_rate,
        admins=settings.admin_ids,
        staff_chat_id=settings.staff_chat_id,
    )
    await service.open()
    bot.session.middleware(PauseMiddleware(service.pause))
    letters = Letters(translators, student_bot=(await bots.students.me()).username or "")
    return DeliveryWorker(service, bot, letters, rate=settings.send_rate, tasks=tasks)


def _polling(
    settings: Settings, db: Database, bots: Bots, translators: Translators, drain: DrainMiddleware
) -> Sequence[Coroutine[None, None, NoReturn]]:
    one_bot = bots.students is bots.desk
    routers = {bots.desk: handlers.build_router(writes_to_students=one_bot)}
    if settings.student_bot_polling and not one_bot:
        routers[bots.students] = handlers.build_student_router()
    pollers = []
    for bot, router in routers.items():
        turn = Turn(db, f"polling {bot.id}")
        dispatcher = build_dispatcher(settings, db, bots, router, drain, translators)
        pollers += [turn.keep(), poll(dispatcher, bot, turn)]
    return pollers


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
                session=WatchedSession(api=server),
                default=DefaultBotProperties(parse_mode=ParseMode.HTML),
            )
            return await stack.enter_async_context(bot)

        desk = await opened(settings.bot_token)
        other = settings.student_bot_token
        yield Bots(desk=desk, students=desk if other is None else await opened(other))
