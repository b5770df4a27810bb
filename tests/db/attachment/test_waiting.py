"""No program of the school waits long for a start of the desk, whatever the start waits for."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import asyncpg
import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from db.attachment.parts import INDEXES, missing
from db.connection import Connection
from db.database import Database
from tests.support.postgres import until_one_waits, until_true
from tests.support.waiting import until

WRITES = (
    "INSERT INTO bookings (user_id) VALUES (1)",
    "UPDATE bookings SET discount_percent = 5 WHERE id = 2",
    "SELECT count(*) FROM bookings",
    "UPDATE users SET first_name = 'Vera'",
)
LONGEST = 1.0


@pytest.fixture
async def other(school: asyncpg.Connection, empty_dsn: str) -> AsyncIterator[Connection]:
    """The school's other programs; what they write waits for a lock at most a second."""
    connection = await asyncpg.connect(empty_dsn, server_settings={"application_name": "bot"})
    await connection.execute(f"SET lock_timeout = '{LONGEST}s'")
    yield connection
    connection.terminate()


async def waits(log: list[EventDict]) -> bool:
    return any(line["event"].startswith("waiting for another") for line in log)


async def write(other: Connection, stop: asyncio.Event) -> None:
    while not stop.is_set():
        for statement in WRITES:
            await other.execute(statement)


async def test_writers_wait_less_than_a_second_while_a_session_idles_with_a_lock(
    school: asyncpg.Connection, empty_dsn: str, other: Connection
) -> None:
    stop = asyncio.Event()
    idle = school.transaction()
    await idle.start()
    await school.execute("SET application_name = 'dashboard'; SELECT FROM bookings LIMIT 1")

    with capture_logs() as log:
        async with Database.connect(empty_dsn) as db, asyncio.TaskGroup() as programs:
            starting = programs.create_task(db.migrate())
            writing = programs.create_task(write(other, stop))
            await until(partial(waits, log))
            assert not starting.done()
            await idle.rollback()
            await starting
            stop.set()
            await writing

    [line] = [line for line in log if line["event"].startswith("waiting")]
    assert (line["pid"], line["application"]) == (school.get_server_pid(), "dashboard")
    assert line["seconds"] is not None


async def test_an_index_is_built_beside_writers_and_says_for_whom_it_waits(
    adopted: Database, school: asyncpg.Connection, empty_dsn: str, other: Connection
) -> None:
    await school.execute("DROP INDEX booking_desk_newest")
    writing = other.transaction()
    await writing.start()
    await other.execute(WRITES[1])

    with capture_logs() as log:
        async with asyncio.TaskGroup() as programs:
            starting = programs.create_task(adopted.migrate())
            await until(partial(waits, log))
            assert await school.execute("UPDATE bookings SET confirmed = 1 WHERE id = 5")
            await writing.rollback()
            await starting

    assert [line["application"] for line in log if "application" in line] == ["bot"]
    assert not await missing(school)


async def test_what_a_start_that_died_has_left_of_an_index_is_built_anew(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("DROP INDEX booking_desk_newest")
    with pytest.raises(asyncpg.UniqueViolationError):
        await school.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY booking_desk_newest ON bookings (course_id)"
        )
    assert (await missing(school)).invalid == ["booking_desk_newest"]

    await adopted.migrate()

    assert not await missing(school)
    text = await school.fetchval("SELECT pg_get_indexdef('booking_desk_newest'::regclass)")
    assert "created_at" in text


async def test_a_start_that_waits_for_another_says_so(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute(f"SELECT pg_advisory_lock({0x626F6F6B})")

    with capture_logs() as log:
        async with asyncio.TaskGroup() as programs:
            starting = programs.create_task(adopted.migrate())
            await until(partial(waits, log))
            assert not starting.done()
            await school.execute(f"SELECT pg_advisory_unlock({0x626F6F6B})")
            await starting

    assert [line["event"] for line in log] == [
        "waiting for another program that brings the database up to date"
    ]


async def test_a_start_that_is_cancelled_holds_nothing_and_the_next_one_goes_on(
    adopted: Database, school: asyncpg.Connection, empty_dsn: str, other: Connection
) -> None:
    await school.execute("DROP INDEX booking_desk_by_course_and_status")
    writing = other.transaction()
    await writing.start()
    await other.execute(WRITES[1])

    starting = asyncio.create_task(adopted.migrate())
    await until_one_waits(school)
    starting.cancel()
    async with asyncio.timeout(20):
        await asyncio.gather(starting, return_exceptions=True)
    await writing.rollback()
    await until_true(
        school, "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')"
    )
    await adopted.migrate()

    assert not await missing(school)
    assert len(INDEXES) > 0
