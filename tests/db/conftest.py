"""A school that has run for two years without the desk, and crowds of bookings."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.lists.pages import ListService
from bot.services.outbox.delivery import DeliveryService
from db.database import Database
from db.models.outbox import Sender
from tests.db.lists.walks import Walker
from tests.db.outbox.delivering import ANNA
from tests.db.outbox.owing import BOT, Owe, welcome
from tests.support.databases import connected, copy_database, of_database
from tests.support.kinds import the_kinds
from tests.support.school import ANNA_ID, VERA_ID, MakeBooking

LEGACY: Final = (Path(__file__).parents[1] / "data" / "legacy_school.sql").read_text("utf-8")
_CROWDS: Final = {"crowd": "crowded_school", "namesakes": "school_of_namesakes"}
"""The fixtures that are copies, and the fixtures that make the originals."""


@pytest.fixture
async def school(empty_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The school's own connection to its database, which has no desk yet."""
    connection = await asyncpg.connect(empty_dsn)
    await connection.execute(LEGACY)
    yield connection
    connection.terminate()


@pytest.fixture
async def adopted(school: asyncpg.Connection, empty_dsn: str) -> AsyncIterator[Database]:
    async with Database.connect(empty_dsn) as db:
        await db.migrate()
        yield db


@pytest.fixture
async def student_bot(
    adopted: Database, school: asyncpg.Connection, empty_dsn: str
) -> AsyncIterator[asyncpg.Connection]:
    """The student bot and the dashboard: a role that may write only to the school's tables."""
    role = f"student_bot_{uuid4().hex}"
    await school.execute(
        f"""
        CREATE ROLE {role} LOGIN;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
        """
    )
    connection = await asyncpg.connect(empty_dsn, user=role)
    yield connection
    connection.terminate()
    await school.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


@pytest.fixture
def desk(db: Database) -> Desk:
    """The door, open to Anna."""
    return Desk(db, Staff({ANNA_ID}))


@pytest.fixture
def anna(desk: Desk) -> Walker:
    return Walker(ListService(desk, timezone=ZoneInfo("Europe/Berlin")))


@pytest.fixture(scope="session")
async def crowded_school(server: str, admin: asyncpg.Connection, migrated: str) -> str:
    """20,000 bookings, a minute apart; one stream, course and code have only the oldest."""
    name = "crowded_school"
    await copy_database(admin, migrated, name)
    sql = await asyncpg.connect(of_database(server, name))
    await sql.execute(
        """
        SET row_security = off;
        INSERT INTO bookings
               (user_id, course_id, course_stream, confirmed, referral_code, discount_percent,
                created_at)
        SELECT n, CASE WHEN n < 100 THEN 9 ELSE 1 + n % 3 END,
               CASE WHEN n < 100 THEN 'past' ELSE 'stream_' || n % 5 END,
               (ARRAY[0, 1, 2, 2, -1])[1 + n % 5], CASE WHEN n < 50 THEN 'OLD' END,
               CASE n % 10 WHEN 0 THEN 20 WHEN 1 THEN NULL ELSE 0 END,
               '2026-01-01Z'::timestamptz + n * interval '1 minute'
          FROM generate_series(1, 20000) AS n
        """
    )
    await sql.execute(
        """
        INSERT INTO booking_desk.outbox
               (kind, key, booking_id, revision, chat_id, sender, state)
        SELECT 'welcome', id, id, 1, user_id, 'students',
               CASE WHEN id % 400 = 2 THEN 'waiting' ELSE 'sent' END
          FROM bookings WHERE id % 4 = 2
        """
    )
    await sql.execute("ANALYZE")
    await sql.close()
    return name


@pytest.fixture(scope="session")
async def school_of_namesakes(server: str, admin: asyncpg.Connection, migrated: str) -> str:
    """25,000 bookings of as many people; every tenth is called Maria, half have one code."""
    name = "school_of_namesakes"
    await copy_database(admin, migrated, name)
    async with (
        Database.connect(of_database(server, name)) as db,
        connected(of_database(server, name)) as sql,
    ):
        await sql.execute(
            """
            INSERT INTO bookings (user_id, first_name, username, referral_code)
            SELECT n, CASE WHEN n % 10 = 0 THEN 'Мария' ELSE 'Name' || md5(n::text) END,
                   'user_' || n, CASE WHEN n % 2 = 0 THEN 'HALF' END
              FROM generate_series(1, 25000) AS n
            """
        )
        for _ in range(5):
            async with db.transaction() as uow:
                await uow.names.learn(limit=5_000)
        await sql.execute("ANALYZE")
    return name


@pytest.fixture
def template(request: pytest.FixtureRequest) -> str:
    """The database of which a test gets a copy; a crowd takes seconds to make."""
    wanted = (_CROWDS[name] for name in request.fixturenames if name in _CROWDS)
    name: str = request.getfixturevalue(next(wanted, "migrated"))
    return name


@pytest.fixture
def crowd(sql: asyncpg.Connection) -> asyncpg.Connection:
    """The test's own copy of 20,000 bookings."""
    return sql


@pytest.fixture
def namesakes(sql: asyncpg.Connection) -> asyncpg.Connection:
    """The test's own copy of 25,000 people."""
    return sql


@pytest.fixture
async def owe(db: Database, make_booking: MakeBooking, sql: asyncpg.Connection) -> Owe:
    """Owe a welcome for a new booking, each time to another person, and return its id."""
    async with db.transaction() as uow:
        await uow.gates.build(BOT)

    async def owe(user_id: int | None = None) -> int:
        booking = await make_booking(user_id=user_id or VERA_ID, confirmed=2)
        await welcome(db, booking, chat_id=user_id or VERA_ID + booking)
        message: int = await sql.fetchval("SELECT max(id) FROM booking_desk.outbox")
        return message

    return owe


@pytest.fixture
async def service(db: Database) -> DeliveryService:
    service = DeliveryService(db, the_kinds(), bot_id=BOT, senders=list(Sender), rate=1000)
    await service.open()
    return service


@pytest.fixture
def bookings(db: Database) -> BookingService:
    return BookingService(Desk(db, Staff({ANNA.id})), grace=timedelta(0))
