"""A server that has made more transactions than their numbers in rows tell apart."""

import os
from pathlib import Path

import pytest

from db.database import Database
from db.embedded import embedded_postgres
from db.embedded.programs import installed, owner_of, running
from tests.system.embedded.sessions import FAST, session


@pytest.fixture
async def long_used(tmp_path: Path) -> Path:
    async with embedded_postgres(tmp_path, settings=FAST):
        pass
    programs, cluster = installed(), tmp_path / "cluster"
    assert programs
    lock = os.open(tmp_path, os.O_RDONLY)
    async with running(
        programs / "pg_resetwal",
        "--epoch=1",
        f"--pgdata={cluster}",
        owner=owner_of(cluster),
        log=tmp_path / "reset.log",
        lock=lock,
    ) as resetting:
        assert await resetting.wait() == 0
    os.close(lock)
    return tmp_path


async def test_the_desk_attaches_and_detaches(long_used: Path) -> None:
    async with (
        embedded_postgres(long_used, settings=FAST) as dsn,
        session(dsn) as school,
    ):
        async with Database.connect(dsn) as db:
            await db.migrate()
        await school.execute("INSERT INTO bookings (user_id, confirmed) VALUES (13, 1), (14, 1)")

        async with Database.connect(dsn) as db, db.schema() as schema:
            await schema.detach(everything=False)

        remembered = "SELECT count(*) FROM booking_desk.remembered"
        assert await school.fetchval("SELECT pg_current_xact_id()::text::bigint") > 2**32
        assert await school.fetchval(remembered) == 2
