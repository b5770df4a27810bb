"""When the desk backs up its own database by itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bot.services.backups import BackupService, next_after
from bot.settings import Settings
from bot.wiring import nightly
from db.backups import newest_in
from db.signs import SignRepository
from tests.support.databases import connected

UNCOUNTED = """
SET session_replication_role = replica;
INSERT INTO bookings (user_id, confirmed) VALUES (13, 1);
RESET session_replication_role
"""
RIGA = ZoneInfo("Europe/Riga")


@pytest.mark.parametrize(
    ("newest", "due"),
    [
        ("2026-06-10T12:00", "2026-06-11T00:30"),
        ("2026-06-10T00:29", "2026-06-10T00:30"),
        ("2026-06-10T00:30", "2026-06-11T00:30"),
        ("2026-01-10T00:30", "2026-01-10T01:30"),
        # In the nights of the change of the clocks, 3:30 is there not at all, or once.
        ("2026-03-28T12:00", "2026-03-29T01:30"),
        ("2026-10-24T12:00", "2026-10-25T00:30"),
    ],
)
def test_a_backup_is_due_at_the_next_half_past_three_of_the_school(newest: str, due: str) -> None:
    assert next_after(moment(newest), RIGA) == moment(due)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def service(dsn: str, directory: Path, *, after: int, proved: bool = False) -> BackupService:
    return BackupService(
        dsn,
        directory,
        timezone=RIGA,
        keep=2,
        proved=proved,
        after_start=timedelta(seconds=after),
    )


async def test_a_missed_backup_is_made_up_for_and_the_next_one_waits(
    dsn: str, tmp_path: Path
) -> None:
    nightly = service(dsn, tmp_path, after=0)
    (tmp_path / "booking-desk-2026-01-01T013000Z.dump").touch()

    await nightly.run()
    made = newest_in(tmp_path)
    await nightly.run()

    assert made
    assert await last_backup(dsn) == made
    assert datetime.now(UTC) - made < timedelta(minutes=1)
    assert newest_in(tmp_path) == made


async def last_backup(dsn: str) -> datetime | None:
    async with connected(dsn) as sql:
        return await SignRepository(sql).last_backup()


async def test_a_backup_that_cannot_be_restored_is_none(
    dsn: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with connected(dsn) as sql:
        await sql.execute(UNCOUNTED)

    pause = await service(dsn, tmp_path, after=0, proved=True).run()

    assert pause == 3600
    assert "the ledger counts 0" in capsys.readouterr().out
    assert await last_backup(dsn) is None


async def test_a_start_is_no_moment_for_a_backup(dsn: str, tmp_path: Path) -> None:
    pause = await BackupService(dsn, tmp_path, timezone=RIGA, keep=2).run()

    assert newest_in(tmp_path) is None
    assert 500 < pause <= 600


async def test_a_failure_is_logged_and_tried_again_later(
    dsn: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").touch()

    pause = await service(dsn, tmp_path / "taken", after=0).run()

    assert pause == 3600
    assert "there is no new backup" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kept", "url", "works"), [(14, None, 1), (0, None, 0), (14, "postgresql://elsewhere/", 0)]
)
def test_only_an_embedded_database_is_backed_up_by_the_desk_unless_that_is_switched_off(
    settings: Settings, kept: int, url: str | None, works: int
) -> None:
    given = {"backups_kept": kept, "database_url": url and SecretStr(url)}

    assert len(nightly(settings.model_copy(update=given), dsn="postgresql:///")) == works
