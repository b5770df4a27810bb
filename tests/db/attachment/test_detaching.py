"""The desk is taken off a school's tables, for a while or for good."""

import asyncio

import asyncpg
import pytest

from bot.services.bookings.external import ExternalChangeService
from db.attachment.detach import CannotDetach
from db.attachment.parts import TRIGGER_NAMES, missing
from db.database import Database
from db.errors import DatabaseUnavailable, MigrationError
from tests.db.attachment.test_faults import counts, truth
from tests.db.school.contents import columns, contents, welcomes
from tests.support.databases import connected
from tests.support.dumps import dumped
from tests.support.postgres import until_true


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


@pytest.mark.parametrize(
    "refused",
    [
        "CREATE INDEX names_usernames",
        "ADD COLUMN",
        "CREATE INDEX CONCURRENTLY booking_desk_by_code",
        "CREATE OR REPLACE TRIGGER",
    ],
)
async def test_a_first_start_that_fails_for_any_reason_leaves_nothing_behind(
    school: asyncpg.Connection, empty_dsn: str, refused: str
) -> None:
    tables = await columns(school)
    before = [await dumped(empty_dsn, "--schema-only"), await contents(school, tables)]
    await school.execute(
        f"""
        CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF current_query() LIKE '%{refused}%' THEN RAISE EXCEPTION 'refused'; END IF;
        END $$;
        CREATE EVENT TRIGGER refuse ON ddl_command_start EXECUTE FUNCTION public.refuse()
        """
    )

    with pytest.raises((MigrationError, DatabaseUnavailable)):
        await migrate(empty_dsn)

    await school.execute("DROP EVENT TRIGGER refuse; DROP FUNCTION public.refuse")
    assert [await dumped(empty_dsn, "--schema-only"), await contents(school, tables)] == before
    await migrate(empty_dsn)
    assert not await missing(school)


async def test_a_later_start_that_fails_takes_nothing_away(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    await migrate(empty_dsn)
    await school.execute("DROP INDEX booking_desk_by_code")
    await school.execute("CREATE TABLE booking_desk_by_code ()")

    with pytest.raises((MigrationError, DatabaseUnavailable)):
        await migrate(empty_dsn)

    assert not (await missing(school)).triggers


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
    log = await school.fetch("SELECT booking_id, action FROM booking_desk.log ORDER BY 1")
    assert list(map(tuple, log)) == [(5, "external"), (6, "delete"), (613, "external")]


async def test_what_is_written_while_the_desk_detaches_is_followed_once(
    school: asyncpg.Connection, empty_dsn: str
) -> None:
    await migrate(empty_dsn)
    async with connected(empty_dsn) as reader, connected(empty_dsn) as earlier:
        await earlier.execute("BEGIN; UPDATE bookings SET confirmed = -1 WHERE id = 7")
        await reader.execute("BEGIN; LOCK TABLE bookings IN ACCESS SHARE MODE")
        detaching = asyncio.create_task(detach(empty_dsn))
        await until_true(school, "SELECT to_regclass('booking_desk.standing') IS NOT NULL")
        await until_true(school, "SELECT EXISTS (SELECT FROM booking_desk.standing)")
        await earlier.execute("COMMIT")
        await school.execute(
            """
            UPDATE bookings SET confirmed = -1 WHERE id IN (5, 6);
            UPDATE bookings SET first_name = 'Changed' WHERE id = 8;
            DELETE FROM bookings WHERE id IN (6, 8);
            INSERT INTO bookings (id, user_id, confirmed) VALUES (6, 13, 1), (0, 14, 1)
            """
        )
        await reader.execute("COMMIT")
        await detaching
    await school.execute("UPDATE bookings SET confirmed = -1 WHERE id IN (0, 9)")

    await migrate(empty_dsn)

    log = await school.fetch(
        "SELECT booking_id, action, confirmed_before FROM booking_desk.log ORDER BY 1, revision"
    )
    assert list(map(tuple, log)) == [
        (0, "external", 1),
        (5, "external", 1),
        (6, "external", 2),
        (6, "delete", -1),
        (7, "external", 2),
        (8, "delete", 2),
        (9, "external", 2),
    ]


@pytest.mark.parametrize(
    "loss",
    [
        "DROP TRIGGER booking_desk_after_update ON bookings",
        "ALTER TABLE bookings DISABLE TRIGGER booking_desk_after_update",
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
