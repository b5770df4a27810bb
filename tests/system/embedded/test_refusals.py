"""The errors of the embedded PostgreSQL when it cannot run."""

import sys
import tempfile
from pathlib import Path

import pytest

from db.embedded import EmbeddedPostgresError, embedded_postgres
from tests.system.embedded.sessions import connected


async def test_a_directory_in_use_is_refused(home: Path) -> None:
    async with connected(home) as connection:
        with pytest.raises(EmbeddedPostgresError, match="in use by another running program"):
            async with embedded_postgres(home):
                pass

        assert await connection.fetchval("SELECT 1") == 1


async def test_a_path_that_is_no_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(EmbeddedPostgresError, match="set DATABASE_URL"):
        async with embedded_postgres(tmp_path / "file"):
            pass


async def test_the_data_of_another_version_are_refused(home: Path) -> None:
    version = home / "cluster" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("17\n")

    with pytest.raises(EmbeddedPostgresError, match="initialized by PostgreSQL version 17"):
        async with embedded_postgres(home):
            pass

    version.write_text(ours)


async def test_a_server_that_does_not_start_says_why(home: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match='"work_mem": "lots"'):
        async with embedded_postgres(home, settings={"work_mem": "lots"}):
            pass


async def test_a_place_too_long_for_a_socket_is_named(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ("long" * 25)).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("long" * 25)))

    with pytest.raises(EmbeddedPostgresError, match="set TMPDIR"):
        async with embedded_postgres(home):
            pass


async def test_a_platform_without_the_server_is_told_of_database_url(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)

    with pytest.raises(EmbeddedPostgresError, match="set DATABASE_URL"):
        async with embedded_postgres(home):
            pass
