"""Numbered files become a schema: once, in order and whole, also with several programs."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from db.connection import Connection
from db.migrate import (
    DatabaseNewer,
    MigrationChanged,
    MigrationFailed,
    MigrationsMisnumbered,
    migrate,
)
from tests.db.school.files import Connect, Write
from tests.support.postgres import until_true

FIRST = "CREATE TABLE words (word text); INSERT INTO words VALUES ('first');"
SECOND = "INSERT INTO words SELECT word || ', second' FROM words;"


async def words(connection: Connection) -> list[str]:
    return [row["word"] for row in await connection.fetch("SELECT word FROM words ORDER BY 1")]


async def last_query(connection: Connection, *, of: Connection, contains: str) -> None:
    """Wait until the last query of the other connection contains this text."""
    query = "SELECT strpos(query, $2) > 0 FROM pg_stat_activity WHERE pid = $1"
    await until_true(connection, query, of.get_server_pid(), contains)


async def test_files_are_applied_in_order_and_only_once(
    connection: Connection, write: Write
) -> None:
    directory = write(_0002_second=SECOND, _0001_first=FIRST)

    assert await migrate(connection, directory) == ["0001_first.sql", "0002_second.sql"]
    assert await migrate(connection, directory) == []
    assert await words(connection) == ["first", "first, second"]


async def test_a_database_that_is_behind_gets_what_it_lacks(
    connection: Connection, write: Write
) -> None:
    await migrate(connection, write(_0001_first=FIRST))

    assert await migrate(connection, write(_0002_second=SECOND)) == ["0002_second.sql"]


async def test_a_file_that_fails_is_undone_whole_and_named(
    connection: Connection, write: Write
) -> None:
    with pytest.raises(MigrationFailed, match=r"0002_second.sql: DivisionByZeroError \(22012\)"):
        await migrate(connection, write(_0001_first=FIRST, _0002_second=SECOND + "SELECT 1 / 0"))
    assert await words(connection) == ["first"]

    assert await migrate(connection, write(_0002_second=SECOND)) == ["0002_second.sql"]


async def test_a_file_that_cannot_be_recorded_is_undone(
    connection: Connection, write: Write
) -> None:
    forbid = "ALTER TABLE booking_desk.migrations ADD CHECK (false) NOT VALID;"

    with pytest.raises(MigrationFailed):
        await migrate(connection, write(_0001_first=FIRST + forbid))

    assert await connection.fetchval("SELECT to_regclass('words')") is None


async def test_a_failure_keeps_no_other_process_waiting(
    connection: Connection, connect: Connect, write: Write
) -> None:
    with pytest.raises(MigrationFailed):
        await migrate(connection, write(_0001_first="SELECT 1 / 0"))

    async with asyncio.timeout(20):
        await migrate(await connect(), write(_0001_first=FIRST))


async def test_an_applied_file_may_not_change(connection: Connection, write: Write) -> None:
    await migrate(connection, write(_0001_first=FIRST))

    with pytest.raises(MigrationChanged, match=r"0001_first.sql"):
        await migrate(connection, write(_0001_first=FIRST + " ", _0002_second=SECOND))
    assert await words(connection) == ["first"]


async def test_line_ends_of_another_system_are_no_change(
    connection: Connection, write: Write
) -> None:
    directory = write(_0001_first=f"{FIRST}\n")
    await migrate(connection, directory)
    (directory / "0001_first.sql").write_bytes(f"{FIRST}\r\n".encode())

    assert await migrate(connection, directory) == []


async def test_a_database_of_a_newer_program_is_refused(
    connection: Connection, write: Write
) -> None:
    directory = write(_0001_first=FIRST, _0002_second=SECOND)
    await migrate(connection, directory)
    (directory / "0002_second.sql").unlink()

    with pytest.raises(DatabaseNewer, match=r"0002_second.sql"):
        await migrate(connection, directory)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([], id="nothing"),
        pytest.param(["0001_first", "0003_third"], id="a gap"),
        pytest.param(["0002_second"], id="no first"),
        pytest.param(["0001_first", "0001_other"], id="a number twice"),
        pytest.param(["0001_first", "2_second"], id="a short number"),
        pytest.param(["0001_First name"], id="a name with a blank"),
    ],
)
async def test_files_are_numbered_without_gaps(
    connection: Connection, write: Write, files: list[str]
) -> None:
    with pytest.raises(MigrationsMisnumbered):
        await migrate(connection, write(**dict.fromkeys(files, FIRST)))
    assert await connection.fetchval("SELECT to_regclass('words')") is None


async def test_of_eight_replicas_that_start_together_one_applies_each_file(
    connect: Connect, write: Write
) -> None:
    directory = write(_0001_first=FIRST + "SELECT pg_sleep(0.1);", _0002_second=SECOND)
    replicas = [await connect() for _ in range(8)]

    applied = await asyncio.gather(*(migrate(replica, directory) for replica in replicas))

    assert [names for names in applied if names] == [["0001_first.sql", "0002_second.sql"]]
    assert await words(replicas[0]) == ["first", "first, second"]


async def test_a_replica_waits_however_short_its_time_limits_are(
    connect: Connect, write: Write
) -> None:
    working, waiting, gate = [await connect() for _ in range(3)]
    directory = write(_0001_first=FIRST + "SELECT pg_advisory_xact_lock(7);")
    await gate.execute("SELECT pg_advisory_lock(7)")
    await waiting.execute("SET lock_timeout = 1")

    async with asyncio.timeout(20), asyncio.TaskGroup() as replicas:
        replicas.create_task(migrate(working, directory))
        await last_query(gate, of=working, contains="xact_lock(7)")
        waits = replicas.create_task(migrate(waiting, directory))
        await last_query(gate, of=waiting, contains="try_advisory_lock")
        await gate.execute("SELECT pg_advisory_unlock(7)")

    assert waits.result() == []


async def test_a_file_may_take_longer_than_other_commands(empty_dsn: str, write: Write) -> None:
    connection = await asyncpg.connect(empty_dsn, command_timeout=0.2)

    assert await migrate(connection, write(_0001_slow="SELECT pg_sleep(0.3)")) == ["0001_slow.sql"]

    await connection.close()


async def test_a_role_without_the_right_to_make_schemas_finds_the_schema_up_to_date(
    connection: Connection, write: Write
) -> None:
    directory = write(_0001_first=FIRST)
    await migrate(connection, directory)
    role = f"role_{uuid4().hex}"
    await connection.execute(
        f"""
        CREATE ROLE {role};
        GRANT USAGE ON SCHEMA booking_desk TO {role};
        GRANT SELECT ON booking_desk.migrations TO {role};
        SET ROLE {role};
        """
    )

    assert await migrate(connection, directory) == []
