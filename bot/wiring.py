"""Wiring: builds every part once and passes it its dependencies."""

import asyncio
import tomllib
from collections.abc import (
    Callable,
    Coroutine,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import structlog
from aiogram import Bot, Dispatcher, Router

import handlers
from bot.i18n import Translators
from bot.kinds import build_kinds
from bot.metrics import Meter
from bot.running.repeat import Work, repeat
from bot.running.systemd import watchdog
from bot.services.access import Desk, Places, Staff
from bot.services.access.receivers import Receivers
from bot.services.adding.additions import AdditionService
from bot.services.adding.drafts import DraftService
from bot.services.backlog.bulks import BulkService
from bot.services.backlog.reminders import ReminderService
from bot.services.backlog.review import ReviewService
from bot.services.backlog.running import BulkRunService
from bot.services.backups import BackupService
from bot.services.bookings.decisions import BookingService
from bot.services.bookings.external import ExternalChangeService
from bot.services.history import HistoryService
from bot.services.lists.filters import FilterService
from bot.services.lists.pages import ListService
from bot.services.lists.query_text import QueryTextService, Vocabulary
from bot.services.lists.search import SearchService
from bot.services.outbox.admin import OutboxService
from bot.services.outbox.copies import CopyService
from bot.services.outbox.delivery import DeliveryService
from bot.services.people import PersonService
from bot.services.status import StatusService
from bot.services.students import StudentService
from bot.services.upkeep import UpkeepService
from bot.services.watch import Intake, WatchService
from bot.settings import Settings
from bot.telegram.answers import Answers
from bot.telegram.bots import Bots
from bot.telegram.menus import show_menus
from bot.telegram.pauses import PauseMiddleware
from bot.telegram.speaker import SpeakerMiddleware
from bot.workers.alerts import StraightAlerts
from bot.workers.bulks import BulkWorker
from bot.workers.copies import CopyWorker
from bot.workers.delivery import DeliveryWorker
from db.database import Database
from db.listener import listen
from db.models.outbox import NOTICES
from handlers.common.turns import Turns

VERSION: Final[str] = tomllib.loads(
    (Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8")
)["project"]["version"]

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case, by the name under which handlers ask for it."""

    additions: AdditionService
    bookings: BookingService
    bulks: BulkService
    copies: CopyService
    bulk_runs: BulkRunService
    drafts: DraftService
    filters: FilterService
    history: HistoryService
    lists: ListService
    outbox: OutboxService
    external: ExternalChangeService
    people: PersonService
    reminders: ReminderService
    review: ReviewService
    places: Places
    search: SearchService
    staff: Staff
    status: StatusService
    students: StudentService
    upkeep: UpkeepService
    query_text: QueryTextService

    @classmethod
    def build(
        cls,
        settings: Settings,
        *,
        db: Database,
        student_bot_id: int,
        vocabulary: Vocabulary,
    ) -> Self:
        staff = Staff(settings.admin_ids)
        desk = Desk(db, staff)
        receivers = Receivers(settings.admin_ids, settings.staff_chat_id)
        grace = timedelta(seconds=settings.undo_seconds)
        lists = ListService(desk, timezone=settings.timezone)
        bookings = BookingService(desk, grace=grace)
        query_text = QueryTextService(desk, lists, vocabulary)
        return cls(
            additions=AdditionService(desk, grace=grace, timezone=settings.timezone),
            bookings=bookings,
            bulks=BulkService(desk, timezone=settings.timezone),
            copies=CopyService(db, receivers, grace=grace),
            bulk_runs=BulkRunService(db, desk),
            drafts=DraftService(desk, grace=grace),
            filters=FilterService(desk, timezone=settings.timezone),
            history=HistoryService(desk),
            lists=lists,
            outbox=OutboxService(desk),
            external=ExternalChangeService(db),
            people=PersonService(desk),
            reminders=ReminderService(desk, grace=grace),
            review=ReviewService(desk, bookings, query_text, grace=grace),
            places=Places(db, settings.staff_chat_id),
            search=SearchService(desk, grace=grace),
            staff=staff,
            status=StatusService(
                desk, version=VERSION, mode="webhook" if settings.webhook else "polling"
            ),
            students=StudentService(
                db, bot_id=student_bot_id, grace=grace, rate=settings.send_rate
            ),
            upkeep=UpkeepService(db),
            query_text=query_text,
        )

    def by_name(self) -> Mapping[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


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
        student_bot=(await bots.students.me()).username or "",
        admins=settings.admin_ids,
        staff_chat_id=settings.staff_chat_id,
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
    bulks: BulkWorker
    copies: CopyWorker


def build_workers(
    services: Services,
    *,
    bots: Bots,
    deliveries: Sequence[DeliveryWorker],
    translators: Translators,
) -> Workers:
    slot = partial(services.students.slot, bots.desk.id)
    return Workers(
        deliveries=deliveries,
        bulks=BulkWorker(services.bulk_runs, bots.desk, translators),
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
    due, changed, begun = asyncio.Event(), asyncio.Event(), asyncio.Event()
    topics = {"outbox": due, "external": changed, "bulk": begun, "copies": services.copies.woken}
    return [
        *watchdog(),
        partial(listen, dsn, topics, partial(meter.level, "listener_up")),
        partial(repeat, services.external.follow, wake=changed),
        partial(repeat, workers.bulks.run_once, wake=begun),
        partial(repeat, workers.copies.run_once, wake=services.copies.woken),
        partial(repeat, services.upkeep.run),
        partial(repeat, services.upkeep.probe),
        partial(repeat, watch.look),
        partial(repeat, services.upkeep.verify),
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
