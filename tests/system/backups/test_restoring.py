"""What a backup brings back: every row, and a database that works."""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from db.backups import BackupError, back_up, prove, restore
from db.connection import Connection
from db.database import Database
from tests.db.outbox.delivering import ANNA
from tests.support.databases import connected
from tests.support.school import MakeBooking

ZLIB = b"\x78\x9c"
"""The beginning of compressed rows."""
TABLES = """
    SELECT relation.oid::regclass::text FROM pg_class AS relation
     WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'booking_desk'::regnamespace)
     ORDER BY 1
"""
COUNTED = """
    SELECT sum(n) FROM booking_desk.ledger WHERE span = '30 days' AND course_id IS NULL
       AND confirmed = 2
"""


@pytest.fixture
def bookings(db: Database) -> BookingService:
    return BookingService(Desk(db, Staff({ANNA.id})), grace=timedelta(0))


@pytest.fixture
async def backup(
    dsn: str, tmp_path: Path, bookings: BookingService, make_booking: MakeBooking
) -> Path:
    """A backup of three bookings, one of which the desk has confirmed."""
    for n in range(3):
        await make_booking(user_id=100 + n, first_name=f"Вера 'N' {n}")
    await bookings.confirm(1, revision=1, by=ANNA)
    return await back_up(dsn, tmp_path, keep=5)


async def rows_of(connection: Connection) -> Mapping[str, Sequence[object]]:
    tables = [name for (name,) in await connection.fetch(TABLES)]
    return {
        name: [
            tuple(row)
            for row in await connection.fetch(f"SELECT t::text FROM {name} AS t ORDER BY 1")
        ]
        for name in tables
    }


async def test_every_row_is_restored(
    backup: Path, sql: asyncpg.Connection, empty_dsn: str
) -> None:
    contents = await restore(backup, empty_dsn)

    async with connected(empty_dsn) as restored:
        assert await rows_of(restored) == await rows_of(sql)
    assert (contents.bookings, contents.messages, contents.entries) == (3, 1, 1)


async def test_a_restored_database_counts_logs_and_decides(backup: Path, empty_dsn: str) -> None:
    await restore(backup, empty_dsn)

    async with Database.connect(empty_dsn) as db, connected(empty_dsn) as sql:
        await db.migrate()
        service = BookingService(Desk(db, Staff({ANNA.id})), grace=timedelta(0))
        await service.confirm(2, revision=1, by=ANNA)
        await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = 3")
        await sql.execute("INSERT INTO bookings (user_id, confirmed) VALUES (103, 1)")

        assert await sql.fetchval(COUNTED) == 3
        assert await sql.fetchval("SELECT count(*) FROM booking_desk.log") == 3
        assert await sql.fetchval("SELECT revision FROM bookings WHERE id = 3") == 2
        assert await sql.fetchval("SELECT max(id) FROM bookings") == 4


async def test_other_tables_of_the_school_stay_away_unless_they_are_referred_to(
    dsn: str, sql: asyncpg.Connection, make_booking: MakeBooking, tmp_path: Path, empty_dsn: str
) -> None:
    await make_booking()
    await sql.execute(
        """
        CREATE TABLE "Categories" (id serial PRIMARY KEY, name text);
        ALTER TABLE courses ADD category integer REFERENCES "Categories";
        CREATE TABLE payments (booking_id integer REFERENCES bookings, amount money);
        CREATE VIEW debtors AS SELECT user_id FROM bookings;
        CREATE SCHEMA shop;
        CREATE TABLE shop."odd.name*" (id serial);
        """
    )

    await restore(await back_up(dsn, tmp_path, keep=1), empty_dsn)

    async with connected(empty_dsn) as restored:
        known = ('"Categories"', "payments", "debtors", 'shop."odd.name*"')
        there = [await restored.fetchval("SELECT to_regclass($1)", name) for name in known]
    assert there == ['"Categories"', None, None, None]


@pytest.mark.parametrize("part", [0.0, 0.02, 0.5, 0.95, 1.0])
async def test_a_cut_backup_is_refused_and_leaves_nothing(
    backup: Path, empty_dsn: str, part: float
) -> None:
    cut(backup, part)

    with pytest.raises(BackupError) as caught:
        await restore(backup, empty_dsn)

    assert "\n" not in str(caught.value)
    async with connected(empty_dsn) as sql:
        assert await sql.fetchval("SELECT to_regnamespace('booking_desk') IS NULL")


def cut(backup: Path, part: float) -> None:
    """Keep only a part of the file; 1.0 cuts off one byte."""
    os.truncate(backup, int((backup.stat().st_size - 1) * part))


def damage(backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[content.rindex(ZLIB) - 20] ^= 0xFF
    backup.write_bytes(content)


async def test_a_backup_with_one_wrong_byte_in_its_rows_is_refused(
    backup: Path, empty_dsn: str
) -> None:
    damage(backup)

    with pytest.raises(BackupError):
        await restore(backup, empty_dsn)


async def test_a_file_that_is_no_backup_of_a_desk_is_refused(
    empty_dsn: str, tmp_path: Path
) -> None:
    backup = await back_up(empty_dsn, tmp_path, keep=1)

    with pytest.raises(BackupError, match="no backup of a desk"):
        await restore(backup, empty_dsn)


async def test_a_backup_whose_ledger_is_wrong_is_refused(
    dsn: str, sql: asyncpg.Connection, tmp_path: Path, empty_dsn: str
) -> None:
    await sql.execute(
        "INSERT INTO booking_desk.counts (span, bucket, n) VALUES ('30 days', 'epoch', 1)"
    )

    with pytest.raises(BackupError, match="0 bookings, but the ledger counts 1"):
        await restore(await back_up(dsn, tmp_path, keep=1), empty_dsn)


async def test_nothing_is_restored_over_a_database_with_bookings(backup: Path, dsn: str) -> None:
    with pytest.raises(BackupError, match="not empty"):
        await restore(backup, dsn)


async def test_a_good_backup_is_proved_in_a_database_that_is_thrown_away(backup: Path) -> None:
    assert (await prove(backup)).bookings == 3


async def test_a_backup_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"elsewhere\.dump"):
        await prove(tmp_path / "elsewhere.dump")
