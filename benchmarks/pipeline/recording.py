"""The desk's statements for each work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final
from zoneinfo import ZoneInfo

import asyncpg

from benchmarks.pipeline.contender import ADMINS, Student
from benchmarks.pipeline.script import Statement, Step, Work, pooled
from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.lists.pages import ListService
from bot.views.lists import Origin, Tab
from db.database import Database
from db.models.audit import Actor
from db.models.bookings import BookingStatus
from db.server.pool import SessionPool
from db.updates import UpdateRepository

_ADMIN: Final = Actor(id=ADMINS[0], name="Anna")
_PENDING: Final = Origin(Tab(BookingStatus.PENDING))
_NOW: Final = datetime.now(UTC)
_BOT: Final = 1001
_LEASE: Final = timedelta(seconds=22)
FRESH: Final = 1
"""The revision of a booking without changes."""


async def statements(
    dsn: str, student: Student, update: int, grace: timedelta
) -> Mapping[Work | Step, Sequence[Statement]]:
    """Do each work and step once, for this student and update; return the statements."""
    made: list[Statement] = []

    def note(query: Any) -> None:  # noqa: ANN401 (asyncpg ships no types)
        made.append((query.query, [_plain(value) for value in query.args]))

    async def listen(connection: asyncpg.Connection) -> None:
        connection.add_query_logger(note)

    async with pooled(dsn, max_size=1, init=listen) as pool:
        desk = Desk(Database(SessionPool(pool)), Staff(frozenset(ADMINS)))
        bookings = BookingService(desk, grace=grace)
        lists = ListService(desk, timezone=ZoneInfo("UTC"))
        updates = UpdateRepository(pool)
        works: Mapping[Work | Step, Callable[[], Awaitable[object]]] = {
            Step.CLAIM: lambda: updates.claim(_BOT, update, lease=_LEASE),
            Step.SETTLE: lambda: updates.handled(_BOT, update),
            Work.LIST: lambda: lists.page(_PENDING, by=_ADMIN, now=_NOW),
            Work.CARD: lambda: bookings.card(student.booking, by=_ADMIN),
            Work.CONFIRM: lambda: bookings.confirm(student.booking, revision=FRESH, by=_ADMIN),
        }
        found = {}
        for work, do in works.items():
            made.clear()
            await do()
            found[work] = list(made)
    return found


def _plain(value: object) -> object:
    """Return the value of an enumeration's member, and other values as they are."""
    return value.value if isinstance(value, Enum) else value
