"""The services, each built once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, Self

from aiogram.types import User

from bot.i18n import Translators
from bot.services.access import Desk, Places, Staff
from bot.services.access.receivers import Receivers
from bot.services.access.subscriptions import SubscriptionService
from bot.services.adding.additions import AdditionService
from bot.services.adding.drafts import DraftService
from bot.services.adding.importing import ImportRunService
from bot.services.adding.imports import ImportService
from bot.services.backlog.arrivals import ArrivalService
from bot.services.backlog.bulks import BulkService
from bot.services.backlog.questions import QuestionService
from bot.services.backlog.reasons import ReasonService
from bot.services.backlog.reminders import ReminderService
from bot.services.backlog.review import ReviewService
from bot.services.backlog.running import BulkRunService
from bot.services.bookings.decisions import BookingService
from bot.services.bookings.external import ExternalChangeService
from bot.services.history import HistoryService
from bot.services.lists.filters import FilterService
from bot.services.lists.pages import ListService
from bot.services.lists.query_text import QueryTextService
from bot.services.lists.search import SearchService
from bot.services.outbox.admin import OutboxService
from bot.services.outbox.copies import CopyService
from bot.services.outbox.unreached import UnreachedService
from bot.services.people import PersonService
from bot.services.status import Mode, StatusService
from bot.services.students import StudentService
from bot.services.upkeep import UpkeepService
from bot.settings import Settings
from db.database import Database

VERSION: Final[str] = tomllib.loads(
    (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
)["project"]["version"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every use case, by the name under which handlers ask for it."""

    additions: AdditionService
    arrivals: ArrivalService
    bookings: BookingService
    bulks: BulkService
    copies: CopyService
    bulk_runs: BulkRunService
    imports: ImportService
    import_runs: ImportRunService
    drafts: DraftService
    filters: FilterService
    history: HistoryService
    lists: ListService
    outbox: OutboxService
    external: ExternalChangeService
    people: PersonService
    questions: QuestionService
    reasons: ReasonService
    reminders: ReminderService
    review: ReviewService
    places: Places
    search: SearchService
    staff: Staff
    subscriptions: SubscriptionService
    status: StatusService
    students: StudentService
    upkeep: UpkeepService
    query_text: QueryTextService
    unreached: UnreachedService

    @classmethod
    def build(
        cls, settings: Settings, *, db: Database, bot: User, translators: Translators
    ) -> Self:
        desk = Desk(db, Staff(settings.admin_ids))
        receivers = Receivers(settings.admin_ids, settings.staff_chat_id)
        grace, zone = timedelta(seconds=settings.undo_seconds), settings.timezone
        mode: Mode = "webhook" if settings.webhook else "polling"
        tell, approval = settings.tell_students, settings.approval_from
        lists = ListService(desk, timezone=zone)
        bookings = BookingService(desk, grace=grace)
        questions = QuestionService(desk, bookings, grace=grace, tell=tell)
        query_text = QueryTextService(desk, lists, translators.vocabulary, timezone=zone)
        return cls(
            additions=AdditionService(desk, grace=grace, timezone=zone),
            arrivals=ArrivalService(db, receivers, tells=settings.announce_bookings),
            bookings=bookings,
            bulks=BulkService(desk, receivers, timezone=zone, approval_from=approval, tell=tell),
            copies=CopyService(db, receivers, grace=grace, student_bot=bot.username or ""),
            bulk_runs=BulkRunService(db, desk),
            imports=ImportService(desk),
            import_runs=ImportRunService(db, desk, translators.words_of_files, zone=zone),
            drafts=DraftService(desk, grace=grace),
            filters=FilterService(desk, timezone=zone),
            history=HistoryService(desk),
            lists=lists,
            outbox=OutboxService(desk, student_bot=bot.username or ""),
            external=ExternalChangeService(db),
            people=PersonService(desk),
            questions=questions,
            reasons=ReasonService(desk, translators.codes),
            reminders=ReminderService(desk, grace=grace),
            review=ReviewService(desk, bookings, questions, query_text, grace=grace),
            places=Places(db, settings.staff_chat_id),
            search=SearchService(desk, grace=grace),
            staff=desk.staff,
            subscriptions=SubscriptionService(desk, receivers),
            status=StatusService(desk, version=VERSION, mode=mode),
            students=StudentService(db, bot_id=bot.id, grace=grace, rate=settings.send_rate),
            upkeep=UpkeepService(db),
            query_text=query_text,
            unreached=UnreachedService(desk, grace=grace),
        )

    def by_name(self) -> Mapping[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}
