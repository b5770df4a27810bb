"""Wiring: which parts there are, and how they start and stop."""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from aiogram import Bot, Dispatcher, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from pydantic import SecretStr

import handlers
from bot.i18n import Translators
from bot.kinds import build_kinds
from bot.middlewares import SpeakerMiddleware
from bot.polling import DRAIN_SECONDS, polling
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
from bot.workers.loop import Work, repeat
from db.database import Database
from db.embedded import embedded_postgres
from db.listener import listen
from db.models import Sender
from handlers.menus import show_menus

VERSION: Final[str] = tomllib.loads(
    (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
)["project"]["version"]

_FINISH_SECONDS: Final = 5
"""Together with the drain under ten seconds: what stops programs waits no longer."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bots:
    """The bot that admins talk to, and the one that writes to students; maybe the same."""

    desk: Bot
    students: Bot
    sees_students: bool
    """Whether the updates of the bot that students know come to the desk."""

    @property
    def is_one(self) -> bool:
        return self.students is self.desk

    @property
    def all(self) -> Sequence[Bot]:
        return [self.desk] if self.is_one else [self.desk, self.students]

    def senders(self, bot: Bot) -> Sequence[Sender]:
        """Return whose messages go out with `bot`."""
        if self.is_one:
            return [Sender.DESK, Sender.STUDENTS]
        return [Sender.DESK] if bot is self.desk else [Sender.STUDENTS]

    def routers(self) -> Mapping[Bot, Sequence[Router]]:
        """Return, for each bot whose updates come to the desk, what it answers to."""
        routers = {self.desk: handlers.build_routers()}
        if self.sees_students and not self.is_one:
            routers[self.students] = [handlers.build_student_router()]
        return routers

    def address(self, bot: Bot, url: str) -> str:
        """Return where Telegram brings the bot's updates when the desk is at `url`."""
        return url if bot is self.desk else url.rstrip("/") + "/students"


def build_dispatcher(
    settings: Settings,
    db: Database,
    bots: Bots,
    routers: Sequence[Router],
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
        status=StatusService(
            db, staff, version=VERSION, mode="webhook" if settings.webhook else "polling"
        ),
        students=StudentService(db, bot_id=bots.students.id, grace=grace),
        words=WordService(db, staff),
        translators=translators,
        bots=bots.all,
        # Buttons carry what there is to remember; states would keep a record of everybody who
        # ever wrote, until the program ends.
        disable_fsm=True,
    )
    dispatcher.update.outer_middleware(SpeakerMiddleware(staff, translators))
    dispatcher.include_routers(*routers)
    return dispatcher


async def run(settings: Settings, *, stop: asyncio.Event) -> None:
    """Run the desk until `stop` is set; set sooner, it ends the start.

    Raises:
        EmbeddedPostgresError, DatabaseUnavailable, MigrationError: there is no database to use.
        SettingsError: the port cannot be listened at.
        TelegramAPIError: Telegram does not answer, or does not know the token.
    """
    async with (
        _cut_short(stop) as start,
        _database(settings) as (db, dsn),
        _bots(settings) as bots,
        AsyncExitStack() as door,
    ):
        translators = Translators(default=settings.language, timezone=settings.timezone)
        names = [(await bot.me()).username for bot in bots.all]
        dispatchers = {
            bot: build_dispatcher(settings, db, bots, routers, translators)
            for bot, routers in bots.routers().items()
        }
        receiving = await door.enter_async_context(_receiving(settings, db, bots, dispatchers))
        async with asyncio.TaskGroup() as tasks:
            due, changed = asyncio.Event(), asyncio.Event()
            deliveries = [
                await _delivery(settings, db, bots, bot, translators, tasks) for bot in bots.all
            ]
            endless = [
                await _menus(settings, db, bots, translators),
                listen(dsn, {"outbox": due, "outside": changed}),
                repeat(OutsideService(db).follow, wake=changed),
                repeat(UpkeepService(db).run),
                repeat(UpkeepService(db).probe),
                *(repeat(each.run_once, wake=due) for each in deliveries),
                *(repeat(each.reclaim) for each in deliveries),
                *(receive() for receive in receiving),
            ]
            running = [tasks.create_task(each) for each in endless]
            logger.info("the desk is open", bots=names, version=VERSION)
            start.cancel()
            await stop.wait()
            await door.aclose()
            for task in running:
                task.cancel()
            await asyncio.wait(running)
            await asyncio.gather(*(each.finish(_FINISH_SECONDS) for each in deliveries))


@asynccontextmanager
async def _cut_short(stop: asyncio.Event) -> AsyncIterator[asyncio.Task[None]]:
    """End the block when `stop` is set, until the task it is given is cancelled."""

    async def cut() -> None:
        await stop.wait()
        block.reschedule(asyncio.get_running_loop().time())

    block = asyncio.timeout(None)
    try:
        async with block:
            cutting = asyncio.create_task(cut())
            try:
                yield cutting
            finally:
                cutting.cancel()
    except TimeoutError:
        if not block.expired():
            raise


async def _menus(
    settings: Settings, db: Database, bots: Bots, translators: Translators
) -> Coroutine[None, None, None]:
    """Return what shows everybody their commands: who has decided something was an admin once."""
    async with db.snapshot() as uow:
        former = await uow.audit.deciders() - settings.admin_ids
    return show_menus(bots.desk, settings.admin_ids, former, translators)


async def _delivery(
    settings: Settings,
    db: Database,
    bots: Bots,
    bot: Bot,
    translators: Translators,
    tasks: asyncio.TaskGroup,
) -> DeliveryWorker:
    kinds = build_kinds(
        translators,
        student_bot=(await bots.students.me()).username or "",
        admins=settings.admin_ids,
        staff_chat_id=settings.staff_chat_id,
    )
    service = DeliveryService(
        db, kinds, bot_id=bot.id, senders=bots.senders(bot), rate=settings.send_rate
    )
    await service.open()
    bot.session.middleware(PauseMiddleware(service.pause))
    return DeliveryWorker(service, bot, kinds, translators, rate=settings.send_rate, tasks=tasks)


@asynccontextmanager
async def _receiving(
    settings: Settings, db: Database, bots: Bots, dispatchers: Mapping[Bot, Dispatcher]
) -> AsyncIterator[Sequence[Work]]:
    """Yield what brings updates to the dispatchers; at the end of the block no more come."""
    webhook = settings.webhook
    if webhook is None:
        pollers = (polling(db, bot, dispatcher) for bot, dispatcher in dispatchers.items())
        yield [each for poller in pollers for each in poller]
        return
    # A server is not for a desk that polls: importing it costs every start.
    from bot.webhook import Inlet, serving  # noqa: PLC0415

    inlets = [
        Inlet(bot, dispatcher, db, bots.address(bot, webhook.url), webhook.secret)
        for bot, dispatcher in dispatchers.items()
    ]
    async with serving(inlets, db, webhook.port, grace=DRAIN_SECONDS) as work:
        yield work


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
        if other is None or other == settings.bot_token:
            yield Bots(desk, desk, sees_students=True)
        else:
            yield Bots(desk, await opened(other), sees_students=settings.student_bot_polling)
