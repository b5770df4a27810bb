"""The final text of every assembled statement, for people to read in one place.

`UPDATE_GOLDEN=1 make test ARGS=tests/db/test_golden_sql.py` writes the files anew.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

import asyncpg
import pytest

from db.bookings import BookingRepository
from db.decisions.audit import AuditRepository
from db.lists.counts import CountRepository
from db.lists.filtered import FilteredRepository
from db.lists.search import SearchRepository
from db.models.audit import LogFilter, Period
from db.models.bookings import BookingAction, BookingStatus
from db.models.filters import Criteria, Filter, WelcomeState
from db.models.lists import START, Cursor, Edge
from db.models.outbox import GroupKey, MessageState, Reason
from db.models.search import Targets
from db.outbox.messages import MessageRepository
from db.people.names import NameRepository
from tests.support.values import a_booking

GOLDEN: Final = Path(__file__).parent / "golden"
NOON: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEHIND: Final = Cursor(Edge.AFTER, 7, NOON)
BEFORE: Final = Cursor(Edge.BEFORE, 7, NOON)
PENDING: Final = BookingStatus.PENDING
TARGETS: Final = Targets(bookings=[1], people=[2], codes=["code"])
GROUP: Final = GroupKey(MessageState.WAITING, Reason.BLOCKED)
LOG: Final = LogFilter(actor=1, action=BookingAction.MOVE, period=Period.WEEK, booking=5)
Ask = Callable[[asyncpg.Connection], Awaitable[object]]


def page(status: BookingStatus | None, cursor: Cursor, *, newest_first: bool) -> Ask:
    return lambda c: BookingRepository(c).page(status, cursor, newest_first=newest_first, limit=8)


def filtered(cursor: Cursor = START, **fields: Any) -> Ask:
    criteria = Criteria(filter=Filter(**fields))
    return lambda c: FilteredRepository(c).page(criteria, cursor, limit=8)


def counted(cursor: Cursor = START, **fields: Any) -> Ask:
    criteria = Criteria(filter=Filter(**fields))
    return lambda c: FilteredRepository(c).count(criteria, cursor)


def before(status: BookingStatus | None, courses: frozenset[int] | None = None) -> Ask:
    return lambda c: CountRepository(c).before(a_booking(), status, courses)


ASKS: Final[Mapping[str, Mapping[str, Ask]]] = {
    "audit": {
        "a page": lambda c: AuditRepository(c).page(LogFilter(), START, limit=8),
        "a page of all filters": lambda c: AuditRepository(c).page(LOG, BEHIND, limit=8),
        "a page of a person": lambda c: AuditRepository(c).page(
            LogFilter(booking=5, person=True), BEFORE, limit=8
        ),
        "how many": lambda c: AuditRepository(c).count(LOG, BEFORE),
    },
    "bookings": {
        "the first page of all": page(None, START, newest_first=True),
        "the last page of all": page(None, Cursor(Edge.LAST), newest_first=True),
        "a page of a tab": page(PENDING, BEHIND, newest_first=False),
        "a page before of a tab": page(PENDING, BEFORE, newest_first=False),
        "a page of the new": page(BookingStatus.NEW, BEHIND, newest_first=True),
        "by number": lambda c: BookingRepository(c).get(1),
    },
    "counts": {
        "by status": lambda c: CountRepository(c).by_status(),
        "by status in courses": lambda c: CountRepository(c).by_status(frozenset({1})),
        "before one of all": before(None),
        "before one of a tab": before(PENDING),
        "before one in courses": before(None, frozenset({1})),
        "before one of a tab in courses": before(PENDING, frozenset({1})),
        "the fold": lambda c: CountRepository(c).fold(),
    },
    "filtered": {
        "nothing chosen": filtered(),
        "a stream": filtered(stream="s"),
        "a stream and a status behind one": filtered(BEHIND, stream="s", status=PENDING),
        "a course, its stream and a discount": filtered(course=1, stream="s", discount=True),
        "a code before one": filtered(BEFORE, code="friend"),
        "a long code": filtered(code="x" * 64),
        "undelivered": filtered(welcome=WelcomeState.UNDELIVERED, course=1),
        "delivered, of a stream": filtered(welcome=WelcomeState.DELIVERED, stream="s"),
        "how many of a stream": counted(stream="s"),
        "how many with a discount": counted(BEHIND, discount=False),
    },
    "messages": {
        "a page of a group": lambda c: MessageRepository(c).page(GROUP, BEHIND, limit=8),
        "how many": lambda c: MessageRepository(c).count(GroupKey(MessageState.SENT)),
        "queue a group": lambda c: MessageRepository(c).queue_group(GROUP, limit=8),
    },
    "names": {
        "people with a word": lambda c: NameRepository(c).people([["anna"]], limit=8),
        "people with words": lambda c: NameRepository(c).people([["anna"], ["lee"]], limit=8),
    },
    "search": {
        "the first page": lambda c: SearchRepository(c).first(TARGETS, limit=8),
        "a page": lambda c: SearchRepository(c).page(TARGETS, BEHIND, limit=8),
        "how many before": lambda c: SearchRepository(c).count(TARGETS, BEFORE),
        "nothing": lambda c: SearchRepository(c).first(Targets(), limit=8),
    },
}


async def statements(connection: asyncpg.Connection, asks: Mapping[str, Ask]) -> str:
    """Return the statements that PostgreSQL gets, each under the name of its call."""
    queries: list[str] = []

    def note(query: Any) -> None:
        queries.append(query.query)

    texts = []
    for ask in asks.values():
        # The first call also makes asyncpg ask for the types of the parameters.
        await ask(connection)
    connection.add_query_logger(note)
    try:
        for name, ask in asks.items():
            queries.clear()
            await ask(connection)
            # asyncpg calls its loggers at the loop's next turn.
            await asyncio.sleep(0)
            texts += [f"-- {name}\n{tidy(text)};\n" for text in queries]
    finally:
        connection.remove_query_logger(note)
    return "\n".join(texts)


def tidy(text: str) -> str:
    """Return the statement without the indentation that it has in its module."""
    first, *rest = [line.rstrip() for line in text.splitlines() if line.strip()]
    return "\n".join([first.strip(), *dedent("\n".join(rest)).splitlines()])


@pytest.mark.parametrize("name", list(ASKS))
async def test_what_is_assembled_reads_as_it_is_written_down(
    sql: asyncpg.Connection, name: str
) -> None:
    text = await statements(sql, ASKS[name])
    path = GOLDEN / f"{name}.sql"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text)

    assert text == path.read_text()
