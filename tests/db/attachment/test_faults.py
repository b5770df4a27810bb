"""A school alters its table: its writes go on, and the desk makes up for what it missed."""

import asyncpg
import pytest
from structlog.testing import capture_logs

from bot.services.bookings.external import ExternalChangeService
from bot.services.upkeep import UpkeepService
from db.database import Database
from db.models.bookings import BookingStatus
from tests.db.school.contents import welcomes

COUNTED = "SELECT coalesce(sum(n), 0) FROM booking_desk.ledger WHERE span = '1 day'"


async def counts(db: Database) -> dict[BookingStatus | None, int]:
    async with db.snapshot() as uow:
        return dict(await uow.counts.by_status())


@pytest.mark.parametrize(
    "change",
    [
        "ALTER COLUMN referral_code TYPE varchar(100)",
        "ALTER COLUMN first_name TYPE varchar(200)",
        "ALTER COLUMN user_id TYPE numeric",
        "ALTER COLUMN confirmed TYPE smallint",
        "ALTER COLUMN course_stream TYPE text",
        "ALTER COLUMN created_at TYPE timestamp",
        "RENAME COLUMN first_name TO given_name",
        "RENAME COLUMN created_at TO made_at",
        "DROP COLUMN discount_percent",
        "DROP COLUMN revision",
        "ADD COLUMN phone text",
        "ADD COLUMN twice integer GENERATED ALWAYS AS (discount_percent * 2) STORED",
    ],
)
async def test_a_school_alters_its_table_and_goes_on_writing(
    adopted: Database, student_bot: asyncpg.Connection, school: asyncpg.Connection, change: str
) -> None:
    await school.execute(f"ALTER TABLE bookings {change}")

    for _ in range(2):
        assert await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
        await student_bot.execute("INSERT INTO bookings (user_id, confirmed) VALUES (13, 2)")
        await student_bot.execute("DELETE FROM bookings WHERE id = (SELECT max(id) FROM bookings)")
    await school.execute("TRUNCATE bookings")


async def test_what_a_fault_has_missed_is_made_up_for(
    adopted: Database, student_bot: asyncpg.Connection, school: asyncpg.Connection
) -> None:
    before = await counts(adopted)
    await school.execute("ALTER TABLE bookings RENAME COLUMN first_name TO given_name")
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
    await student_bot.execute(
        "INSERT INTO bookings (user_id, course_id, course_stream, confirmed, username)"
        " VALUES (13, 1, '9th_stream', 2, 'vera_13')"
    )
    missed = await counts(adopted)
    await school.execute("ALTER TABLE bookings RENAME COLUMN given_name TO first_name")

    with capture_logs() as log:
        await UpkeepService(adopted).run()
        await ExternalChangeService(adopted).follow()

    after = await counts(adopted)
    assert missed[None] == before[None]
    assert after[None] - before[None] == 1
    assert after == await truth(school)
    told = {(line["during"], line["writes"]) for line in log if "writes" in line}
    assert told == {("INSERT", 1), ("UPDATE", 1)}
    assert sorted(booking for booking, _, _ in await welcomes(school)) == [5, 613]
    async with adopted.snapshot() as uow:
        assert await uow.names.people_by_username("vera_13", limit=2) == [13]
        assert "9th_stream" in {
            code for _, code in (await uow.streams.newest(1, offset=0, limit=99)).values()
        }
    assert await school.fetchval("SELECT count(*) FROM booking_desk.faults") == 0


async def test_a_confirmation_that_was_missed_is_followed_and_makes_buttons_stale(
    adopted: Database, student_bot: asyncpg.Connection, school: asyncpg.Connection
) -> None:
    await school.execute("ALTER TABLE booking_desk.external_changes RENAME TO lost")
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
    await school.execute("ALTER TABLE booking_desk.lost RENAME TO external_changes")
    revision = await school.fetchval("SELECT revision FROM bookings WHERE id = 5")

    await UpkeepService(adopted).run()
    await ExternalChangeService(adopted).follow()

    assert await school.fetchval("SELECT revision FROM bookings WHERE id = 5") == revision + 1
    assert await welcomes(school) == [(5, "queued", None)]


async def test_a_cause_that_stays_is_a_line_a_minute_and_the_repair_comes_when_it_is_gone(
    adopted: Database, student_bot: asyncpg.Connection, school: asyncpg.Connection
) -> None:
    await school.execute("ALTER TABLE bookings RENAME COLUMN course_id TO course")
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")

    with capture_logs() as log:
        pause = await UpkeepService(adopted).run()
    await school.execute("ALTER TABLE bookings RENAME COLUMN course TO course_id")
    await UpkeepService(adopted).run()
    await ExternalChangeService(adopted).follow()

    assert pause > 0
    assert "course_id" in log[0]["reason"]
    assert await welcomes(school) == [(5, "queued", None)]
    assert await counts(adopted) == await truth(school)


async def test_no_fault_leaves_nothing_to_repair(
    adopted: Database, student_bot: asyncpg.Connection, school: asyncpg.Connection
) -> None:
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
    await student_bot.execute("DELETE FROM bookings WHERE id = 6")

    assert await school.fetchval("SELECT count(*) FROM booking_desk.faults") == 0
    assert await UpkeepService(adopted).run() > 0


async def truth(school: asyncpg.Connection) -> dict[BookingStatus | None, int]:
    rows = await school.fetch("SELECT confirmed, count(*) FROM bookings GROUP BY 1")
    codes = {2: "confirmed", 1: "pending", 0: "new", -1: "cancelled"}
    total = {None: sum(n for _, n in rows)}
    return {BookingStatus(codes[code]): n for code, n in rows} | total
