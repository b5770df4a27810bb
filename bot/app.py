"""How the program starts and stops."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final, Protocol

import structlog

from bot.database import OpenDatabase, open_database
from bot.i18n import Translators
from bot.measuring import build_meter, measuring
from bot.receiving import Receiving, build_intakes, receiving
from bot.running.systemd import notify
from bot.services.watch import WatchService
from bot.settings import Settings
from bot.telegram.bots import Bots, open_bots, usernames
from bot.telegram.intake.polling import DRAIN_SECONDS
from bot.wiring import (
    background,
    build_answers,
    build_deliveries,
    build_dispatchers,
    build_watch,
    build_workers,
    menus,
    nightly,
)
from bot.wiring.services import VERSION, Services
from db.errors import DatabaseUnavailable

_STOP_SECONDS: Final = 7
"""Together with closing the database under ten, after which orchestrators kill a program."""
_FINISH_SECONDS: Final = 5
"""The longest wait for messages, within that time."""
_PUT_BACK_SECONDS: Final = DRAIN_SECONDS + 0.5
"""The longest wait for what is released in a database that may not answer, within that time."""
_LEAVE_SECONDS: Final = 0.5

logger = structlog.get_logger(__name__)


class Sending(Protocol):
    """What sends messages, and can finish."""

    async def finish(self, seconds: float) -> None:
        """Finish what is under way within so many seconds."""


async def run(settings: Settings, *, stop: asyncio.Event) -> None:
    """Run the desk until `stop` is set; the event also interrupts the start.

    Raises:
        EmbeddedPostgresError, DatabaseUnavailable, DatabaseUnfit, MigrationError: no database.
        SettingsError: the desk cannot listen at the port.
        TelegramAPIError: Telegram does not know the token, or refuses to say who the bot is.
    """
    async with (
        interrupted_by(stop) as interrupting,
        open_database(settings) as database,
        open_bots(settings) as bots,
    ):
        await _work(settings, stop, interrupting, database, bots)


async def _work(
    settings: Settings,
    stop: asyncio.Event,
    interrupting: asyncio.Task[None],
    database: OpenDatabase,
    bots: Bots,
) -> None:
    """Receive updates and do what is owed until `stop` is set."""
    db, dsn = database
    meter = build_meter(settings)
    async with AsyncExitStack() as opened:
        names = await usernames(bots)
        translators = Translators(default=settings.language, timezone=settings.timezone)
        services = Services.build(
            settings, db=db, bot=await bots.students.me(), translators=translators
        )
        answers = build_answers(services, bots)
        dispatchers = build_dispatchers(
            services, bots=bots, answers=answers, translators=translators
        )
        intakes = await build_intakes(settings, db=db, bots=bots, dispatchers=dispatchers)
        received = await opened.enter_async_context(receiving(settings, db, intakes, meter=meter))
        watch = build_watch(settings, db=db, intakes=intakes, bots=bots, translators=translators)
        async with asyncio.TaskGroup() as tasks:
            deliveries = await build_deliveries(
                settings, db=db, bots=bots, translators=translators, tasks=tasks, meter=meter
            )
            workers = build_workers(services, deliveries, bots=bots, translators=translators)
            show_menus = await menus(settings, db=db, bots=bots, translators=translators)
            works = [show_menus, *received.works, *nightly(settings, dsn=dsn)]
            works += background(services, watch, workers, dsn=dsn, meter=meter)
            works += measuring(meter, db=db, bots=bots, dispatchers=dispatchers, intakes=intakes)
            running = [tasks.create_task(work()) for work in works]
            await _stay_open(names, interrupting, stop)
            await _end(received, running, [*workers.senders, *answers.values()])
            await _leave(watch)


async def _stay_open(
    bots: Sequence[str | None], interrupting: asyncio.Task[None], stop: asyncio.Event
) -> None:
    """Say that the desk is open, and wait until it is to stop; nothing interrupts it any more."""
    interrupting.cancel()
    logger.info("the desk is open", bots=bots, version=VERSION)
    notify("READY=1")
    await stop.wait()
    notify("STOPPING=1")


async def _end(
    received: Receiving,
    running: Sequence[asyncio.Task[None]],
    senders: Iterable[Sending],
) -> None:
    """Begin nothing new, and wait for the requests under way."""
    deadline = asyncio.get_running_loop().time() + _STOP_SECONDS
    await received.stop()
    for task in running:
        task.cancel()
    _, unfinished = await asyncio.wait(running, timeout=_PUT_BACK_SECONDS)
    for task in unfinished:
        task.cancel()
    left = max(0, deadline - asyncio.get_running_loop().time())
    await asyncio.gather(*(sender.finish(min(_FINISH_SECONDS, left)) for sender in senders))


async def _leave(watch: WatchService) -> None:
    """Let nobody be told later that the desk was away, because somebody stopped it."""
    with suppress(DatabaseUnavailable, TimeoutError):
        async with asyncio.timeout(_LEAVE_SECONDS):
            await watch.leave()


@asynccontextmanager
async def interrupted_by(stop: asyncio.Event) -> AsyncIterator[asyncio.Task[None]]:
    """End the block when `stop` is set, unless the task that it yields is cancelled before."""

    async def interrupt() -> None:
        await stop.wait()
        block.reschedule(asyncio.get_running_loop().time())

    block = asyncio.timeout(None)
    try:
        async with block:
            interrupting = asyncio.create_task(interrupt())
            try:
                yield interrupting
            finally:
                interrupting.cancel()
    except TimeoutError:
        if not block.expired():
            raise
