"""Numbered files become a schema: once, in order and whole, also with several programs."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from db.connection import Connection
from db.database import Database
from db.migrate import (
    MIGRATIONS,
    DatabaseNewer,
    DatabaseUnreleased,
    MigrationChanged,
    MigrationFailed,
    MigrationsMisnumbered,
    migrate,
)
from tests.support.postgres import until_true

Connect = Callable[[], Awaitable[Connection]]
Write = Callable[..., Path]

FIRST = "CREATE TABLE words (word text); INSERT INTO words VALUES ('first');"
FROZEN = {
    "0001_school.sql": "97166badf8acc7e5aec5f9da050fc0a4f89174c89b6e6edff629dc15bf8a184a",
    "0002_catalogue.sql": "f77564390877ae956f737659420bd072eb493deef8635e80cae71e5548675df3",
    "0003_counts.sql": "5cf8cbce61c9c6fcc05c15217b35fc867144b7367231cc9d58c5fbad1201a619",
    "0004_audit.sql": "fa1645e532eb80afb73816dffb13f04874eea72436dde13d46da2da235784470",
    "0005_people.sql": "e168d6cc1dc0dc04453e05f9ca493c7d630b06dec6bba02518016069c14d8b83",
    "0006_outbox.sql": "8ecf5a46748f17b6dbfeaaf3f26bed54c2dce0e063f510cd805bfdd6d74eecfe",
    "0007_welcomes.sql": "40010a0512c6ae69268af8906a0d451f20ef300221753d8eebf187749d8afeb7",
    "0008_names.sql": "3d6d5995cdc393a848d3141670eb247d9fce07a64925867c6c5ecf5e68d81d60",
    "0009_saved_queries.sql": "aeba6452149d31cdf8d26bd34e2cbac5793f26ba8ca20912068fa8b912114c95",
    "0010_updates.sql": "24ae2e60ee334b39805390e824ad0a0e6438bcff17b79953f2c22fb154ff399d",
    "0011_writes.sql": "21d018894cd506477f4a92ccff06690b526dbc41a4712e4a469078d35b1ed92e",
    "0012_claims.sql": "ba9e646c3ac35bf651e50b6c41a6551cc5c7e9dc559b077116737a04e751bedb",
    "0013_signs.sql": "43c1444d6016b35e74b207f9350f6e65254f92ed7463d6a8d65b6a0f54d1d4a6",
    "0014_bulks.sql": "cdcc4e5ab804d68f26b12d355fbe91f6728e8473400030c8108edea6bd7e4c3f",
}
UNRELEASED = [
    "0001_school",
    "0002_catalogue",
    "0003_counts",
    "0004_audit",
    "0005_people",
    "0006_outbox",
    "0007_pace",
    "0008_names",
    "0009_log",
    "0010_filters",
    "0011_updates",
    "0012_reused_numbers",
    "0013_spent_attempts",
]
SECOND = "INSERT INTO words SELECT word || ', second' FROM words;"


@pytest.fixture
async def connect(empty_dsn: str) -> AsyncIterator[Connect]:
    async with AsyncExitStack() as stack:

        async def connect() -> Connection:
            connection = await asyncpg.connect(empty_dsn)
            stack.push_async_callback(connection.close)
            return connection

        yield connect


@pytest.fixture
async def connection(connect: Connect) -> Connection:
    return await connect()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Put migrations in the directory: `write(_0001_first="CREATE …")`."""

    def write(**texts: str) -> Path:
        for name, text in texts.items():
            (tmp_path / f"{name.removeprefix('_')}.sql").write_text(text, "utf-8")
        return tmp_path

    return write


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

    async with asyncio.timeout(5):
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


async def test_a_database_of_an_unreleased_program_is_refused_in_a_line_that_says_what_to_do(
    connection: Connection, empty_dsn: str
) -> None:
    await migrate(connection, MIGRATIONS)
    await connection.execute(
        """
        INSERT INTO bookings (user_id, course_id, confirmed) VALUES (13, 1, 2);
        UPDATE bookings SET confirmed = 1;
        UPDATE booking_desk.migrations SET name = '0007_pace.sql', checksum = 'another'
         WHERE name LIKE '0007%';
        """
    )
    booking = await connection.fetchrow("SELECT * FROM bookings")

    with pytest.raises(DatabaseUnreleased) as refused:
        await migrate(connection, MIGRATIONS)

    assert "0007_pace.sql" in str(refused.value)
    assert "\n" not in str(refused.value)
    [advice] = re.findall(r"DROP SCHEMA \w+ CASCADE", str(refused.value))
    await connection.execute(advice)
    async with Database.connect(empty_dsn) as db:
        await db.migrate()
    assert (
        dict(booking).items() <= dict(await connection.fetchrow("SELECT * FROM bookings")).items()
    )
    assert (
        await connection.fetchval("SELECT sum(n) FROM booking_desk.ledger WHERE course_id IS NULL")
        == 3
    )


async def test_the_database_of_the_last_unreleased_program_is_refused(
    connection: Connection, write: Write
) -> None:
    await migrate(connection, write(**{f"_{name}": "SELECT 1" for name in UNRELEASED}))

    with pytest.raises(DatabaseUnreleased):
        await migrate(connection, MIGRATIONS)


def test_what_has_been_released_is_never_changed() -> None:
    """A database has these texts applied; what has to be otherwise is the next file's."""
    texts = {path.name: path.read_bytes() for path in MIGRATIONS.glob("*.sql")}

    assert {name: sha256(text).hexdigest() for name, text in texts.items()} == FROZEN


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

    async with asyncio.timeout(5), asyncio.TaskGroup() as replicas:
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
