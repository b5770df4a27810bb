"""The desk is taken off a school's tables, for a while or for good."""

import asyncpg
import pytest

from bot.services.bookings.external import ExternalChangeService
from db.attachment.detach import CannotDetach
from db.attachment.parts import TRIGGER_NAMES, missing
from db.database import Database
from tests.db.attachment.test_faults import counts, truth
from tests.db.school.contents import columns, contents, welcomes
from tests.support.dumps import dumped


async def detach(dsn: str, *, everything: bool = False) -> None:
    async with Database.connect(dsn) as db, db.schema() as schema:
        await schema.detach(everything=everything)


async def migrate(dsn: str) -> None:
    async with Database.connect(dsn) as db:
        await db.migrate()


async def test_taking_everything_away_leaves_the_schools_schema_and_rows_as_they_were(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    tables = await columns(school)
    before = [await dumped(empty_dsn, "--schema-only"), await contents(school, tables)]
    await migrate(empty_dsn)
    assert await dumped(empty_dsn, "--schema-only") != before[0]

    await detach(empty_dsn, everything=True)

    assert [await dumped(empty_dsn, "--schema-only"), await contents(school, tables)] == before
    await migrate(empty_dsn)
    assert not await missing(school)


async def test_what_the_school_has_built_on_the_desk_stops_that(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    await migrate(empty_dsn)
    await school.execute("CREATE VIEW decisions AS SELECT * FROM booking_desk.audit")

    with pytest.raises(CannotDetach, match="decisions"):
        await detach(empty_dsn, everything=True)

    assert not await missing(school)


async def test_a_desk_that_runs_is_not_taken_away(
    adopted: Database, school: asyncpg.Connection, empty_dsn: str
) -> None:
    for everything in (False, True):
        with pytest.raises(CannotDetach, match="stop it first"):
            await detach(empty_dsn, everything=everything)

    assert not await missing(school)


async def test_what_changed_meanwhile_is_followed_when_the_desk_is_back(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    await migrate(empty_dsn)
    await detach(empty_dsn)
    assert len((await missing(school)).triggers) == len(TRIGGER_NAMES)
    await school.execute(
        """
        UPDATE bookings SET confirmed = 2 WHERE id = 5;
        UPDATE bookings SET first_name = 'Changed' WHERE id = 20;
        DELETE FROM bookings WHERE id = 6;
        INSERT INTO bookings (user_id, course_id, course_stream, confirmed)
        VALUES (13, 1, '9th_stream', 2), (14, 1, '9th_stream', 1);
        """
    )

    async with Database.connect(empty_dsn) as db:
        await db.migrate()
        await ExternalChangeService(db).follow()

        assert await counts(db) == await truth(school)
    assert sorted(booking for booking, _, _ in await welcomes(school)) == [5, 613]
    log = await school.fetch("SELECT booking_id, action FROM booking_desk.audit ORDER BY 1")
    assert list(map(tuple, log)) == [(5, "external"), (6, "delete"), (613, "external")]


@pytest.mark.parametrize(
    "loss",
    [
        "DROP TRIGGER booking_desk_after_write ON bookings",
        "ALTER TABLE bookings DISABLE TRIGGER booking_desk_after_write",
        "CREATE TABLE anew (LIKE bookings INCLUDING DEFAULTS INCLUDING IDENTITY);"
        " INSERT INTO anew SELECT * FROM bookings; DROP TABLE bookings CASCADE;"
        " ALTER TABLE anew RENAME TO bookings; ALTER TABLE bookings ADD PRIMARY KEY (id)",
    ],
)
async def test_triggers_that_were_lost_are_back_after_a_start_and_so_are_the_counts(
    school: asyncpg.Connection, empty_dsn: str, loss: str
) -> None:
    await migrate(empty_dsn)
    await school.execute("UPDATE bookings SET confirmed = 0 WHERE id = 5")
    await school.execute("ALTER SEQUENCE bookings_id_seq OWNED BY NONE")
    await school.execute(loss)
    await school.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")

    async with Database.connect(empty_dsn) as db:
        await db.migrate()
        await ExternalChangeService(db).follow()

        assert await counts(db) == await truth(school)
    assert not await missing(school)
    assert await welcomes(school) == [(5, "queued", None)]
