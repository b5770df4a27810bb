"""Wiring: builds every part once and passes it its dependencies."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import structlog
from aiogram import Bot, Dispatcher, Router

import handlers
from bot.i18n import Translators
from bot.kinds import build_kinds
from bot.metrics import Meter
from bot.running.repeat import Work, repeat
from bot.running.systemd import watchdog
from bot.screens.adding.imports import imported as import_screen
from bot.screens.backlog.bulks import bulk as bulk_screen
from bot.services.access.receivers import Receivers
from bot.services.backups import BackupService
from bot.services.outbox.delivery import DeliveryService
from bot.services.watch import Intake, WatchService
from bot.settings import Settings
from bot.telegram.answers import Answers
from bot.telegram.bots import Bots
from bot.telegram.menus import show_menus
from bot.telegram.pauses import PauseMiddleware
from bot.telegram.speaker import SpeakerMiddleware
from bot.views.adding.imports import ImportView
from bot.views.bulks import BulkView
from bot.wiring.services import Services
from bot.workers.alerts import StraightAlerts
from bot.workers.copies import CopyWorker
from bot.workers.delivery import DeliveryWorker
from bot.workers.progress import ProgressWorker
from db.database import Database
from db.listener import listen
from db.models.outbox import NOTICES
from handlers.common.turns import Turns

_SETTLING_SECONDS: Final = 2.0
"""After a start the first presses come first; nobody waits for the upkeep."""

logger = structlog.get_logger(__name__)


def build_answers(services: Services, bots: Bots) -> Mapping[Bot, Answers]:
    """Return the answers of each bot to people who are not admins."""
    return {bot: Answers(partial(services.students.slot, bot.id)) for bot in bots.all}


def build_dispatchers(
    services: Services, *, bots: Bots, answers: Mapping[Bot, Answers], translators: Translators
) -> Mapping[Bot, Dispatcher]:
    """Return a dispatcher for each bot whose updates come to the desk."""
    turns = Turns(services.staff)
    build = partial(build_dispatcher, services, bots=bots, turns=turns, translators=translators)
    dispatchers = {bots.desk: build(handlers.build_routers(), answers=answers[bots.desk])}
    if bots.sees_students and not bots.is_one:
        routers = [handlers.build_student_router()]
        dispatchers[bots.students] = build(routers, answers=answers[bots.students])
    return dispatchers


def build_dispatcher(
    services: Services,
    routers: Sequence[Router],
    *,
    bots: Bots,
    answers: Answers,
    turns: Turns,
    translators: Translators,
) -> Dispatcher:
    """Return a dispatcher that passes handlers its keyword arguments by name."""
    dispatcher = Dispatcher(
        **services.by_name(),
        translators=translators,
        bots=bots.all,
        answers=answers,
        # Buttons carry all state; aiogram's own would keep a record of every person in memory.
        disable_fsm=True,
    )
    dispatcher.update.outer_middleware(turns)
    dispatcher.update.outer_middleware(SpeakerMiddleware(services.staff, translators))
    dispatcher.include_routers(*routers)
    return dispatcher


async def build_deliveries(
    settings: Settings,
    *,
    db: Database,
    bots: Bots,
    translators: Translators,
    tasks: asyncio.TaskGroup,
    meter: Meter,
) -> Sequence[DeliveryWorker]:
    """Return a delivery worker for each bot; each of their requests is one of `tasks`."""
    kinds = build_kinds(
        translators,
        Receivers(settings.admin_ids, settings.staff_chat_id),
        student_bot=(await bots.students.me()).username or "",
        grace=timedelta(seconds=settings.undo_seconds),
    )
    async with db.statement() as uow:
        await uow.outbox.recall(NOTICES, admins=settings.admin_ids)
    workers = []
    for bot in bots.all:
        service = DeliveryService(
            db,
            kinds,
            bot_id=bot.id,
            senders=bots.senders(bot),
            rate=settings.send_rate,
            meter=meter,
        )
        await service.open()
        bot.session.middleware(PauseMiddleware(service.hold))
        worker = DeliveryWorker(
            service, bot, kinds, translators, rate=settings.send_rate, tasks=tasks
        )
        workers.append(worker)
    return workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """What speaks to Telegram without an update."""

    deliveries: Sequence[DeliveryWorker]
    bulks: ProgressWorker[BulkView]
    copies: CopyWorker
    imports: ProgressWorker[ImportView]

    @property
    def senders(self) -> Sequence[DeliveryWorker | CopyWorker]:
        """Those that have something to finish when the program ends."""
        return [*self.deliveries, self.copies]


def build_workers(
    services: Services,
    deliveries: Sequence[DeliveryWorker],
    *,
    bots: Bots,
    translators: Translators,
) -> Workers:
    slot = partial(services.students.slot, bots.desk.id)
    return Workers(
        deliveries=deliveries,
        bulks=ProgressWorker(
            services.bulk_runs.run,
            work=lambda view: view.bulk,
            draw=bulk_screen,
            bot=bots.desk,
            translators=translators,
        ),
        imports=ProgressWorker(
            lambda: services.import_runs.run(datetime.now(UTC)),
            work=lambda view: view.imported,
            draw=import_screen,
            bot=bots.desk,
            translators=translators,
        ),
        copies=CopyWorker(services.copies, bots.desk, translators, slot=slot),
    )


def background(
    services: Services,
    watch: WatchService,
    workers: Workers,
    *,
    dsn: str,
    meter: Meter,
) -> Sequence[Work]:
    """Return the work that no update starts."""
    due, changed, begun, sent = (asyncio.Event() for _ in range(4))
    topics = {"outbox": due, "external": changed, "bulk": begun, "import": sent}
    topics["copies"] = services.copies.woken
    return [
        *watchdog(),
        partial(listen, dsn, topics, partial(meter.level, "listener_up")),
        partial(repeat, services.external.follow, wake=changed),
        partial(repeat, services.arrivals.follow),
        partial(repeat, workers.bulks.run_once, wake=begun),
        partial(repeat, workers.imports.run_once, wake=sent),
        partial(repeat, workers.copies.run_once, wake=services.copies.woken),
        partial(repeat, watch.look, after=_SETTLING_SECONDS),
        partial(repeat, services.upkeep.run, after=_SETTLING_SECONDS),
        partial(repeat, services.upkeep.probe, after=_SETTLING_SECONDS),
        partial(repeat, services.upkeep.verify, after=_SETTLING_SECONDS),
        *(partial(repeat, worker.run_once, wake=due) for worker in workers.deliveries),
        *(partial(repeat, worker.reclaim) for worker in workers.deliveries),
    ]


def nightly(settings: Settings, *, dsn: str) -> Sequence[Work]:
    """Return the work that backs up an embedded database; a school's own server is its own."""
    if settings.database_url is not None or settings.backups_kept == 0:
        return []
    directory, keep = settings.data_dir / "backups", settings.backups_kept
    backups = BackupService(dsn, directory, timezone=settings.timezone, keep=keep)
    return [partial(repeat, backups.run)]


def build_watch(
    settings: Settings,
    *,
    db: Database,
    intakes: Mapping[str, Intake],
    bots: Bots,
    translators: Translators,
) -> WatchService:
    """Return the desk's watch over itself, which tells the admins' group, or all admins."""
    group = settings.staff_chat_id
    staff = settings.admin_ids if group is None else {group}
    voice = StraightAlerts(bots.desk, translators)
    return WatchService(db, intakes, voice, staff=staff, admins=settings.admin_ids)


async def menus(
    settings: Settings, *, db: Database, bots: Bots, translators: Translators
) -> Callable[[], Coroutine[None, None, None]]:
    """Return the work that sets the command menus; former admins are the deciders of the audit."""
    async with db.snapshot() as uow:
        former = await uow.actors.ids() - settings.admin_ids
    return partial(show_menus, bots.desk, settings.admin_ids, former, translators)
