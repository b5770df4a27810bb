"""Versions that run on one another's schema, and the locks that migrations take."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from db.connection import Connection
from db.migrate import MIGRATIONS, DatabaseNewer, migrate, pending

FILES: Final = sorted(MIGRATIONS.glob("*.sql"))
FIRST: Final = "CREATE TABLE words (word text);"
SECOND: Final = "INSERT INTO words VALUES ('second');"


@pytest.fixture
async def connection(empty_dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(empty_dsn)
    yield connection
    connection.terminate()


def written(directory: Path, *texts: str) -> Path:
    for number, text in enumerate(texts, start=1):
        (directory / f"{number:04}_words.sql").write_text(text, "utf-8")
    return directory


@pytest.mark.parametrize(("compatible_from", "runs"), [("0001", True), ("0002", False)])
async def test_the_version_before_runs_on_a_schema_that_says_it_can(
    connection: Connection, tmp_path: Path, compatible_from: str, runs: bool
) -> None:
    later = f"-- compatible_from: {compatible_from}\n{SECOND}"
    await migrate(connection, written(tmp_path, FIRST, later))
    (tmp_path / "0002_words.sql").unlink()

    if runs:
        assert await migrate(connection, tmp_path) == []
    else:
        with pytest.raises(DatabaseNewer, match=r"0002_words.sql"):
            await migrate(connection, tmp_path)


async def test_what_is_to_be_applied_is_known_without_applying_it(
    connection: Connection, tmp_path: Path
) -> None:
    directory = written(tmp_path, FIRST, SECOND)

    assert await pending(connection, directory) == ["0001_words.sql", "0002_words.sql"]
    assert await connection.fetchval("SELECT to_regnamespace('booking_desk') IS NULL")


@pytest.mark.parametrize("name", [path.name for path in FILES])
async def test_no_migration_waits_for_a_writer_of_the_school_or_keeps_one_waiting(
    school: asyncpg.Connection, connection: Connection, name: str
) -> None:
    await connection.execute("CREATE SCHEMA booking_desk")
    for path in FILES:
        if path.name < name:
            await connection.execute(path.read_text("utf-8"))
    await school.execute("BEGIN; LOCK TABLE bookings, users, courses IN ROW EXCLUSIVE MODE")

    async with connection.transaction():
        await connection.execute("SET LOCAL lock_timeout = 1")
        await connection.execute((MIGRATIONS / name).read_text("utf-8"))
        held = await connection.fetch(
            """
            SELECT relation::regclass, mode FROM pg_locks
             WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock'
               AND relation::regclass::text IN ('bookings', 'users', 'courses')
            """
        )

    assert held == []
