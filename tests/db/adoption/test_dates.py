"""Dates without a zone are meant in the school's zone, in summer and in winter."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from structlog.testing import capture_logs

from bot.services.access import Desk, Staff
from bot.services.lists.pages import ListService
from bot.views.lists import EVERYTHING
from db.bookings import BookingRepository
from db.database import Database
from db.models.filters import Filter
from db.models.lists import START
from tests.db.adoption.shapes import bookings
from tests.db.lists.walks import ANNA, Walker
from tests.support.postgres import plan_of

BERLIN = "Europe/Berlin"
TOLD = [
    *("2026-03-28 12:00", "2026-03-29 01:59:59", "2026-03-29 02:30", "2026-03-29 03:00"),
    *("2026-07-01 00:30", "2026-10-25 01:59", "2026-10-25 02:30", "2026-10-25 02:30"),
    *("2026-10-25 03:00", "2026-12-31 23:59"),
]


@pytest.fixture
async def school(empty_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(empty_dsn)
    await connection.execute(bookings(created_at="timestamp"))
    await connection.executemany(
        "INSERT INTO bookings (user_id, confirmed, created_at) VALUES (1, 1, $1::text::timestamp)",
        [(told,) for told in TOLD],
    )
    yield connection
    connection.terminate()


@pytest.fixture
async def adopted(school: asyncpg.Connection, empty_dsn: str) -> AsyncIterator[Database]:
    async with Database.connect(empty_dsn) as db:
        await db.migrate(timezone=BERLIN)
        yield db


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2026-03-28 12:00", datetime(2026, 3, 28, 11, tzinfo=UTC)),
        ("2026-03-29 03:00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("2026-07-01 00:30", datetime(2026, 6, 30, 22, 30, tzinfo=UTC)),
        ("2026-10-25 03:00", datetime(2026, 10, 25, 2, tzinfo=UTC)),
        ("2026-12-31 23:59", datetime(2026, 12, 31, 22, 59, tzinfo=UTC)),
    ],
)
async def test_a_date_is_the_moment_that_the_schools_clock_showed(
    adopted: Database, told: str, meant: datetime
) -> None:
    async with adopted.snapshot() as uow:
        booking = await uow.bookings.get(TOLD.index(told) + 1)

    assert booking is not None
    assert booking.created_at == booking.listed_at == meant


async def test_nothing_is_listed_twice_or_skipped_where_the_clock_changes(
    adopted: Database,
) -> None:
    async with adopted.snapshot() as uow:
        in_order = await uow.bookings.page(None, START, newest_first=True, limit=20)
    lists = Walker(ListService(Desk(adopted, Staff({ANNA.id})), timezone=ZoneInfo(BERLIN)))

    seen = await lists.walks(await lists.turns(EVERYTHING))

    assert sorted(seen) == list(range(1, len(TOLD) + 1))
    moments = [(booking.listed_at, booking.id) for booking in in_order]
    assert all(newer > older for newer, older in pairwise(moments))


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2026, 3, 29), date(2026, 3, 29), [2, 3, 4]),
        (date(2026, 7, 1), date(2026, 7, 1), [5]),
        (date(2026, 6, 30), date(2026, 6, 30), []),
        (date(2026, 10, 25), date(2026, 10, 25), [6, 7, 8, 9]),
    ],
)
async def test_a_day_is_the_schools_day(
    adopted: Database, first: date, last: date, found: list[int]
) -> None:
    lists = Walker(ListService(Desk(adopted, Staff({ANNA.id})), timezone=ZoneInfo(BERLIN)))

    listed = await lists.opens(Filter(zone=BERLIN, since=first, until=last))

    assert sorted(booking.id for booking in listed.page.items) == found


async def test_counts_and_pages_agree_wherever_the_server_is(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("SET timezone = 'Asia/Tokyo'")
    await school.execute(
        "INSERT INTO bookings (user_id, confirmed, created_at) VALUES (1, 1, '2026-07-01 00:30')"
    )

    async with adopted.snapshot() as uow:
        in_order = await uow.bookings.page(None, START, newest_first=False, limit=20)
        before = [await uow.counts.before(booking, None) for booking in in_order]

    assert before == list(range(len(TOLD) + 1))


async def test_another_zone_at_a_later_start_changes_nothing_and_is_told(
    adopted: Database,
) -> None:
    with capture_logs() as same:
        await adopted.migrate(timezone=BERLIN)
    with capture_logs() as other:
        await adopted.migrate(timezone="Asia/Tokyo")

    async with adopted.snapshot() as uow:
        booking = await uow.bookings.get(1)
    assert booking is not None
    assert booking.listed_at == datetime(2026, 3, 28, 11, tzinfo=UTC)
    assert same == []
    [line] = other
    assert "is meant in the TIMEZONE of the first start, not today's" in line["what"]


async def test_the_indexes_serve_dates_without_a_zone(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute(
        """
        INSERT INTO bookings (user_id, confirmed, created_at)
        SELECT 1, 1, timestamp '2026-01-01' + n * interval '1 hour'
          FROM generate_series(1, 3000) AS n;
        ANALYZE bookings
        """
    )
    call = BookingRepository(school).page(None, START, newest_first=True, limit=8)
    plan = await plan_of(school, call)

    assert plan.rows_read("bookings") == 8
