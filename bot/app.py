"""How the program starts and stops."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import structlog

from bot.i18n import Translators
from bot.settings import Settings
from bot.telegram.bots import open_bots
from bot.telegram.polling import DRAIN_SECONDS
from bot.wiring import (
    VERSION,
    Services,
    background,
    build_deliveries,
    build_dispatchers,
    menus,
    open_database,
    receiving,
)
from bot.workers.delivery import DeliveryWorker

_STOP_SECONDS: Final = 7
"""For all that has begun; with what follows under ten: what stops programs waits no longer."""
_FINISH_SECONDS: Final = 5
"""Of these, for messages."""
_PUT_BACK_SECONDS: Final = DRAIN_SECONDS + 0.5
"""Of these, for what is given back to a database that may not answer."""

logger = structlog.get_logger(__name__)


async def run(settings: Settings, *, stop: asyncio.Event) -> None:
    """Run the desk until `stop` is set; set sooner, it ends the start.

    Raises:
        EmbeddedPostgresError, DatabaseUnavailable, MigrationError: there is no database to use.
        SettingsError: the port cannot be listened at.
        TelegramAPIError: Telegram does not answer, or does not know the token.
    """
    async with (
        AsyncExitStack() as ending,
        _cut_short(stop) as start,
        open_database(settings) as (db, dsn),
        open_bots(settings) as bots,
        AsyncExitStack() as door,
    ):
        names = [(await bot.me()).username for bot in bots.all]
        translators = Translators(default=settings.language, timezone=settings.timezone)
        services = Services.build(
            settings,
            db=db,
            student_bot_id=bots.students.id,
            vocabulary=translators.vocabulary,
        )
        dispatchers = build_dispatchers(services, bots=bots, translators=translators)
        intake = await door.enter_async_context(
            receiving(settings, db=db, bots=bots, dispatchers=dispatchers)
        )
        shown = await menus(settings, db=db, bots=bots, translators=translators)
        async with asyncio.TaskGroup() as tasks:
            deliveries = await build_deliveries(
                settings, db=db, bots=bots, translators=translators, tasks=tasks
            )
            works = [shown, *intake, *background(services, deliveries, dsn=dsn)]
            running = [tasks.create_task(work()) for work in works]
            logger.info("the desk is open", bots=names, version=VERSION)
            ending.callback(logger.info, "the desk is closed")
            start.cancel()
            await stop.wait()
            deadline = asyncio.get_running_loop().time() + _STOP_SECONDS
            await door.aclose()
            await _end(running, deliveries, deadline)


async def _end(
    running: Sequence[asyncio.Task[None]], deliveries: Sequence[DeliveryWorker], deadline: float
) -> None:
    """Begin nothing more, and let the requests under way come to their end."""
    for task in running:
        task.cancel()
    _, unfinished = await asyncio.wait(running, timeout=_PUT_BACK_SECONDS)
    for task in unfinished:
        task.cancel()
    left = max(0, deadline - asyncio.get_running_loop().time())
    await asyncio.gather(*(each.finish(min(_FINISH_SECONDS, left)) for each in deliveries))


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
