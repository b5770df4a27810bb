"""Backups from the command line, also of a database that a desk uses."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from db.backups.files import begun_at
from db.database import Database
from db.embedded import embedded_postgres, shared_postgres
from db.signs import SignRepository
from tests.support.databases import connected
from tests.support.programs.program import read_until, run_to_the_end, started, stop
from tests.support.school import ANNA_ID, DESK_TOKEN

Variables = Mapping[str, str]


@pytest.fixture
def variables(tmp_path: Path) -> Variables:
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "DATA_DIR": str(tmp_path / "data"),
    }


async def test_a_database_in_use_is_backed_up_and_the_backup_restored_elsewhere(
    variables: Variables, tmp_path: Path
) -> None:
    async with embedded_postgres(tmp_path / "data", settings={"fsync": "off"}) as dsn:
        async with Database.connect(dsn) as db, connected(dsn) as sql:
            await db.migrate()
            await sql.execute("INSERT INTO bookings (user_id, confirmed) VALUES (13, 1)")
        made = await run_to_the_end(tmp_path, "backup", "backups", **variables)
        async with connected(dsn) as sql:
            noted = await SignRepository(sql).last_backup()
    [backup] = map(str, found_in(tmp_path / "backups"))
    elsewhere = {**variables, "DATA_DIR": str(tmp_path / "new")}
    restored = await run_to_the_end(tmp_path, "restore", backup, **elsewhere)

    assert (made.code, made.complaint) == (0, "")
    assert noted == begun_at(Path(backup))
    assert (restored.code, restored.complaint) == (0, "")
    async with shared_postgres(tmp_path / "new") as dsn, connected(dsn) as sql:
        assert await sql.fetchval("SELECT user_id FROM bookings") == 13


def found_in(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_a_database_is_backed_up_nightly_until_a_signal(
    variables: Variables, dsn: str, tmp_path: Path
) -> None:
    arguments = ("backup", "backups", "--nightly")
    async with started(tmp_path, *arguments, **variables, DATABASE_URL=dsn) as nightly:
        await read_until(nightly.stderr, "a backup is made each night")
        assert await stop(nightly) == 0


async def test_a_broken_backup_fails_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "broken.dump").write_bytes(os.urandom(100))

    proved = await run_to_the_end(tmp_path, "restore-check", "broken.dump")

    assert proved.code == 1
    assert proved.complaint == "input file does not appear to be a valid archive (too short?).\n"


async def test_there_is_no_backup_of_a_database_that_is_not_there(
    variables: Variables, tmp_path: Path
) -> None:
    made = await run_to_the_end(tmp_path, "backup", "backups", **variables)

    assert (made.code, made.complaint) == (
        1,
        f"There is no database in {tmp_path / 'data'}. Check DATA_DIR.\n",
    )
    assert found_in(tmp_path) == []
