"""Another program inserts bookings that are confirmed already."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.bookings.external import ExternalChangeService
from db.database import Database
from db.models.audit import Actor
from db.models.bookings import BookingAction
from tests.support.dumps import dumped
from tests.support.school import ANNA_ID, VERA_ID

ANNA: Final = Actor(id=ANNA_ID, name="Anna")
INSERT: Final = """
    INSERT INTO bookings (user_id, course_id, course_stream, confirmed)
    VALUES (13, 1, 'north', 2)
"""
UPSERT: Final = """
    INSERT INTO bookings (id, user_id, course_id, course_stream, confirmed)
    VALUES (7, 13, 1, 'north', 2)
    ON CONFLICT (id) DO UPDATE SET confirmed = excluded.confirmed
"""
COPY_COLUMNS: Final = ["user_id", "course_id", "course_stream", "confirmed"]


@pytest.fixture
def external(db: Database) -> ExternalChangeService:
    return ExternalChangeService(db)


async def welcomed(sql: asyncpg.Connection) -> Sequence[int]:
    rows = await sql.fetch(
        "SELECT chat_id FROM booking_desk.outbox WHERE kind = 'welcome' ORDER BY id"
    )
    return [row["chat_id"] for row in rows]


async def arrives(sql: asyncpg.Connection) -> None:
    await sql.execute("UPDATE booking_desk.outbox SET state = 'sent'")


async def test_who_is_inserted_as_confirmed_is_welcomed_once_and_in_the_log(
    sql: asyncpg.Connection, db: Database, external: ExternalChangeService
) -> None:
    booking_id = await sql.fetchval(f"{INSERT} RETURNING id")

    await external.follow()
    await external.follow()

    async with db.snapshot() as uow:
        booking = await uow.bookings.get(booking_id)
        assert booking is not None
        [change] = await uow.audit.of_booking(booking, limit=9)
    assert (change.action, change.decided, change.moved) == (BookingAction.EXTERNAL, True, False)
    assert not change.readdressed
    assert await welcomed(sql) == [VERA_ID]


@pytest.mark.parametrize("there", [False, True])
async def test_an_upsert_welcomes_once_whether_the_booking_is_there_or_not(
    sql: asyncpg.Connection, external: ExternalChangeService, there: bool
) -> None:
    if there:
        await sql.execute("INSERT INTO bookings (id, user_id, confirmed) VALUES (7, 13, 1)")

    await sql.execute(UPSERT)
    await external.follow()
    await sql.execute(UPSERT)
    await external.follow()

    assert await welcomed(sql) == [VERA_ID]


async def test_each_booking_that_is_copied_in_as_confirmed_is_welcomed(
    sql: asyncpg.Connection, external: ExternalChangeService
) -> None:
    records = [(20, 1, "north", 2), (21, 1, "north", 1), (22, None, None, 2)]

    await sql.copy_records_to_table("bookings", records=records, columns=COPY_COLUMNS)
    await external.follow()

    assert await welcomed(sql) == [20, 22]


async def test_what_is_inserted_and_taken_back_at_once_welcomes_nobody(
    sql: asyncpg.Connection, external: ExternalChangeService
) -> None:
    await sql.execute(INSERT)
    await sql.execute("UPDATE bookings SET confirmed = -1")

    await external.follow()

    assert await welcomed(sql) == []


async def test_the_listening_desk_hears_of_an_insert(sql: asyncpg.Connection, dsn: str) -> None:
    heard: asyncio.Queue[object] = asyncio.Queue()
    listener = await asyncpg.connect(dsn)
    await listener.add_listener("booking_desk", lambda *told: heard.put_nowait(told[-1]))

    await sql.execute(INSERT)

    assert await asyncio.wait_for(heard.get(), 20) == "external"
    await listener.close()


@pytest.mark.parametrize("gone", ["DELETE FROM bookings", "TRUNCATE bookings RESTART IDENTITY"])
@pytest.mark.parametrize("number", ["the same", "another"])
async def test_a_program_that_reloads_its_bookings_welcomes_nobody_again(
    sql: asyncpg.Connection, external: ExternalChangeService, gone: str, number: str
) -> None:
    await sql.execute(INSERT)
    await external.follow()
    await arrives(sql)

    for _ in range(2):
        await sql.execute(gone)
        await sql.execute(INSERT if number == "another" else UPSERT)
        await external.follow()

    assert await welcomed(sql) == [VERA_ID]


async def test_who_was_not_welcomed_before_a_reload_is_welcomed_after_it(
    sql: asyncpg.Connection, external: ExternalChangeService
) -> None:
    await sql.execute(INSERT)
    await external.follow()

    await sql.execute("DELETE FROM bookings")
    await sql.execute(INSERT)
    await external.follow()

    assert await welcomed(sql) == [VERA_ID, VERA_ID]


async def test_who_had_a_place_is_welcomed_to_another_one(
    sql: asyncpg.Connection, external: ExternalChangeService
) -> None:
    await sql.execute(INSERT)
    await external.follow()
    await arrives(sql)

    await sql.execute("DELETE FROM bookings")
    await sql.execute(INSERT.replace("north", "south"))
    await external.follow()

    assert await welcomed(sql) == [VERA_ID, VERA_ID]


async def test_a_backlog_that_was_adopted_and_is_reloaded_welcomes_nobody(
    school: asyncpg.Connection, adopted: Database
) -> None:
    await school.execute("CREATE TABLE reload AS SELECT * FROM bookings")
    await school.execute("DELETE FROM bookings; INSERT INTO bookings SELECT * FROM reload")

    while await ExternalChangeService(adopted).follow() == 0:
        pass

    assert await welcomed(school) == []


@pytest.mark.parametrize("shape", ["--inserts", "--rows-per-insert=50"])
async def test_a_dump_that_is_restored_welcomes_nobody(
    school: asyncpg.Connection, adopted: Database, empty_dsn: str, shape: str
) -> None:
    dump = await dumped(empty_dsn, "--data-only", "--table=public.bookings", shape)
    await school.execute("ALTER TABLE bookings DISABLE TRIGGER booking_desk_after_delete")
    await school.execute("DELETE FROM bookings")
    recorded = "SELECT count(*) FROM booking_desk.log"
    assert await school.fetchval(recorded) == 0

    await school.execute(dump)

    assert await school.fetchval("SELECT count(*) FROM public.bookings") == 612
    assert await school.fetchval(recorded) == 0


async def test_a_booking_that_was_inserted_is_decided_like_any_other(
    sql: asyncpg.Connection, db: Database, external: ExternalChangeService
) -> None:
    await sql.execute(UPSERT)
    await external.follow()
    bookings = BookingService(Desk(db, Staff({ANNA.id})), grace=timedelta(0))

    await bookings.cancel(7, revision=1, by=ANNA)

    assert await sql.fetchval("SELECT state FROM booking_desk.outbox") == "withdrawn"
