"""The desk takes a school's database as it is: nothing is lost, and no other program notices."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from bot.services.access import Desk, Staff
from bot.services.bookings.external import ExternalChangeService
from bot.services.lists.pages import ListService
from bot.services.upkeep import UpkeepService
from bot.texts import names
from bot.views.lists import EVERYTHING
from db.database import Database
from db.models.bookings import Booking, BookingStatus
from db.models.lists import Cursor, Edge
from simulator import BotAccount
from tests.db.lists.walks import ANNA, Walker
from tests.db.school.contents import columns, contents, desk_rows, schema
from tests.support.programs.program import running, stop
from tests.support.school import DESK_TOKEN

Rows = Sequence[tuple[Any, ...]]


async def everything(db: Database) -> Sequence[Booking]:
    """Read /bookings from its first page to its last, as an admin does."""
    anna = Walker(ListService(Desk(db, Staff({ANNA.id})), timezone=ZoneInfo("UTC")))
    read: list[Booking] = []
    page = (await anna.turns(EVERYTHING)).page
    while True:
        read.extend(page.items)
        if page.number == page.last:
            return read
        final = page.items[-1]
        after = Cursor(Edge.AFTER, final.id, final.listed_at)
        page = (await anna.turns(EVERYTHING, after)).page


async def test_no_row_of_any_table_is_lost_or_even_written(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    tables = await columns(school)
    before = await contents(school, tables)

    async with Database.connect(empty_dsn) as db:
        await db.migrate()

    assert await contents(school, tables) == before
    assert len(before["bookings"]) == 612
    assert len(tables) == 8


async def test_the_schools_tables_get_three_columns_and_no_company(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    before = await columns(school)

    async with Database.connect(empty_dsn) as db:
        await db.migrate()

    after = dict(await columns(school))
    assert after.pop("bookings") == [*before["bookings"], "revision", "first_revision"]
    assert after.pop("users") == [*before["users"], "course_stream"]
    assert after == {table: before[table] for table in after}
    assert len(after) == len(before) - 2


async def test_a_second_start_changes_nothing(
    adopted: Database, school: asyncpg.Connection
) -> None:
    tables = await columns(school)
    before = [await schema(school), await desk_rows(school), await contents(school, tables)]

    await adopted.migrate()

    after = [await schema(school), await desk_rows(school), await contents(school, tables)]
    assert after == before


async def test_the_program_itself_adopts_a_database_and_starts_on_it_again(
    school: asyncpg.Connection,
    empty_dsn: str,
    telegram_url: str,
    desk_bot: BotAccount,
    tmp_path: Path,
) -> None:
    tables = await columns(school)
    before = await contents(school, tables)
    variables = {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": "11",
        "DATABASE_URL": empty_dsn,
        "TELEGRAM_API_URL": telegram_url,
    }

    async with running(tmp_path, **variables) as first:
        assert await stop(first) == 0
    adopted = [await schema(school), await desk_rows(school)]
    async with running(tmp_path, **variables) as second:
        assert await stop(second) == 0

    assert await contents(school, tables) == before
    assert [await schema(school), await desk_rows(school)] == adopted
    assert await school.fetchval("SELECT count(*) FROM booking_desk.outbox") == 0


async def test_every_booking_is_read_once_whatever_is_odd_about_it(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    await school.execute(
        """
        INSERT INTO bookings (user_id, confirmed, course_id, course_stream, created_at)
        VALUES (1, 7, 1, 'x', now()), (2, NULL, NULL, NULL, now()), (3, 1, NULL, 'x', NULL),
               (4, 2, 2, NULL, NULL), (5, -1, 1, '', '1901-01-01')
        """
    )

    async with Database.connect(empty_dsn) as db:
        await db.migrate()
        read = await everything(db)

    assert sorted(booking.id for booking in read) == list(range(1, 618))
    statuses = {booking.id: booking.status for booking in read}
    assert statuses[613] is statuses[614] is BookingStatus.UNKNOWN
    assert [booking.id for booking in read[-3:]] == [616, 615, 617]


async def test_the_counts_are_right_from_the_start(
    adopted: Database, school: asyncpg.Connection
) -> None:
    rows = await school.fetch("SELECT confirmed, count(*) FROM bookings GROUP BY 1")

    async with adopted.snapshot() as uow:
        counts = await uow.counts.by_status()

    codes = {2: "confirmed", 1: "pending", 0: "new", -1: "cancelled"}
    assert counts == {codes[code]: n for code, n in rows} | {None: 612}


async def test_what_was_confirmed_before_owes_nobody_a_welcome(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await ExternalChangeService(adopted).follow()

    assert await school.fetchval("SELECT count(*) FROM booking_desk.log") == 0
    assert await school.fetchval("SELECT count(*) FROM booking_desk.outbox") == 0


async def test_courses_and_streams_are_what_the_bookings_mention(
    adopted: Database, school: asyncpg.Connection
) -> None:
    mentioned = await school.fetch(
        "SELECT DISTINCT course_id, course_stream FROM bookings WHERE course_stream IS NOT NULL"
    )
    learned = await school.fetch("SELECT course_id, code FROM booking_desk.streams WHERE is_open")
    courses = await school.fetch("SELECT course_id, name FROM booking_desk.courses ORDER BY 1")

    assert sorted(map(tuple, learned)) == sorted(map(tuple, mentioned))
    assert list(map(tuple, courses)) == [(1, "Вайб кодинг"), (2, "Вайбкодинг PRO")]


async def test_streams_are_numbered_in_the_order_they_began(
    adopted: Database, school: asyncpg.Connection
) -> None:
    codes = await school.fetch(
        "SELECT code FROM booking_desk.streams WHERE course_id = 1 AND code ~ '^[0-9]' ORDER BY id"
    )

    assert [code for (code,) in codes] == sorted(code for (code,) in codes)


async def test_a_course_is_shown_by_name_and_a_stream_by_its_code(adopted: Database) -> None:
    async with adopted.snapshot() as uow:
        booking = await uow.bookings.get(1)

    assert booking is not None
    assert (names.course(booking), names.stream(booking)) == ("Вайб кодинг", "3rd_stream")


async def test_courses_in_the_other_shape_are_known_by_name_and_current_stream(
    empty_dsn: str,
) -> None:
    school = await asyncpg.connect(empty_dsn)
    await school.execute(
        """
        CREATE TABLE courses (course_id integer PRIMARY KEY, course_name text NOT NULL,
                              course_stream varchar(50));
        INSERT INTO courses VALUES (1, 'Drawing', 'autumn'), (2, 'Singing', NULL);
        """
    )

    async with Database.connect(empty_dsn) as db:
        await db.migrate()

    known = await school.fetch("SELECT course_id, name FROM booking_desk.courses ORDER BY 1")
    streams = await school.fetch("SELECT course_id, code FROM booking_desk.streams")
    assert list(map(tuple, known)) == [(1, "Drawing"), (2, "Singing")]
    assert list(map(tuple, streams)) == [(1, "autumn")]
    await school.close()


async def test_a_course_that_is_renamed_is_renamed_here(
    adopted: Database, student_bot: asyncpg.Connection, school: asyncpg.Connection
) -> None:
    await student_bot.execute("UPDATE courses SET name = 'Renamed' WHERE id = 1")
    await student_bot.execute("INSERT INTO courses (id, name) VALUES (3, 'Third')")

    await UpkeepService(adopted).run()

    known = await school.fetch("SELECT course_id, name FROM booking_desk.courses ORDER BY 1")
    assert list(map(tuple, known)) == [(1, "Renamed"), (2, "Вайбкодинг PRO"), (3, "Third")]


async def test_a_fresh_database_has_the_tables_of_the_bookings_api(
    empty_dsn: str,
) -> None:
    async with Database.connect(empty_dsn) as db:
        await db.migrate()

    fresh = await asyncpg.connect(empty_dsn)
    assert await columns(fresh) == {
        "bookings": [
            "id",
            "user_id",
            "username",
            "first_name",
            "course_id",
            "course_stream",
            "confirmed",
            "created_at",
            "referral_code",
            "discount_percent",
            "revision",
            "first_revision",
        ],
        "users": ["user_id", "username", "first_name", "course_stream"],
        "courses": ["course_id", "course_name", "course_stream"],
    }
    await fresh.close()
