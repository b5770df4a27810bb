"""A server that dies is started again, whatever it leaves behind."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from db.connection import Connection
from db.embedded import embedded_postgres
from db.embedded.pid_file import PID_FILE
from db.embedded.remains import clear
from tests.support.waiting import until
from tests.system.embedded.sessions import FAST, session


@pytest.fixture
async def dsn(home: Path) -> AsyncIterator[str]:
    async with embedded_postgres(home, settings=FAST) as dsn:
        yield dsn


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    path = tmp_path / "cluster"
    path.mkdir()
    return path


@pytest.fixture
def sleeper(cluster: Path) -> Iterator[int]:
    """A process that works in the directory, as those of a server do."""
    with subprocess.Popen(["/bin/sleep", "60"], cwd=cluster) as process:
        yield process.pid
        process.kill()


async def connects(dsn: str) -> Connection | None:
    try:
        return await asyncpg.connect(dsn, timeout=1)
    except (OSError, asyncpg.PostgresError, TimeoutError, asyncpg.InterfaceError):
        return None


@asynccontextmanager
async def session_again(dsn: str) -> AsyncIterator[Connection]:
    connection = await until(partial(connects, dsn), seconds=20)
    assert connection
    try:
        yield connection
    finally:
        await connection.close()


def server_of(home: Path) -> int:
    return int((home / "cluster" / PID_FILE).read_text().split()[0])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_killed_server_comes_back_with_what_was_committed(
    home: Path, dsn: str, number: int
) -> None:
    async with session(dsn) as connection:
        await connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        await connection.execute("INSERT INTO kept VALUES ($1)", number)
    killed = server_of(home)

    os.kill(killed, number)
    await until(partial(is_another, home, killed), seconds=20)

    async with session_again(dsn) as connection:
        assert await connection.fetchval("SELECT max(number) FROM kept") == number


async def is_another(home: Path, killed: int) -> bool:
    return (home / "cluster" / PID_FILE).exists() and server_of(home) != killed


async def test_a_killed_session_costs_the_others_a_moment(home: Path, dsn: str) -> None:
    async with session(dsn) as connection:
        os.kill(await connection.fetchval("SELECT pg_backend_pid()"), signal.SIGKILL)
        with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)):
            await connection.fetchval("SELECT pg_sleep(5)")

    async with session_again(dsn) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_session_that_does_not_end_by_itself_holds_up_no_restart(
    home: Path, dsn: str
) -> None:
    """It still has the shared memory, which PostgreSQL does not share with another server."""
    async with session(dsn) as connection:
        frozen = await connection.fetchval("SELECT pg_backend_pid()")
        os.kill(frozen, signal.SIGSTOP)
        os.kill(server_of(home), signal.SIGKILL)

        async with session_again(dsn) as again:
            assert await again.fetchval("SELECT pg_backend_pid()") != frozen
        connection.terminate()


async def test_a_restart_that_fails_is_tried_again(home: Path, dsn: str) -> None:
    configuration = home / "cluster" / "postgresql.conf"
    ours = configuration.read_text()
    configuration.write_text("nonsense\n")

    os.kill(server_of(home), signal.SIGKILL)
    await until(partial(asyncio.to_thread, says, home / "server.log", "contains errors"))
    configuration.write_text(ours)

    async with session_again(dsn) as connection:
        assert await connection.fetchval("SELECT 1") == 1


def says(log: Path, words: str) -> bool:
    return words in log.read_text()


async def test_the_block_ends_while_the_server_is_down(home: Path) -> None:
    async with asyncio.timeout(10):
        async with embedded_postgres(home, settings=FAST):
            os.kill(server_of(home), signal.SIGKILL)
        async with embedded_postgres(home, settings=FAST) as dsn, session(dsn) as connection:
            assert await connection.fetchval("SELECT 1") == 1


@pytest.mark.parametrize(
    "left", [b"", b"\0\0\0\0", b"\xff\xfe", b"1\n/elsewhere\n", b"-1\n", b"%d\n" % 2**31]
)
def test_the_pid_file_of_a_dead_server_is_removed(cluster: Path, left: bytes) -> None:
    """Also one that another process's number is in: it would be taken for a server's, or ours."""
    (cluster / PID_FILE).write_bytes(left)

    clear(cluster, cluster.with_name("sockets"))

    assert not (cluster / PID_FILE).exists()


def test_the_pid_file_of_a_living_server_stays(cluster: Path, sleeper: int) -> None:
    (cluster / PID_FILE).write_text(f"{sleeper}\n")

    clear(cluster, cluster.with_name("sockets"))

    assert (cluster / PID_FILE).exists()


def test_sockets_of_a_dead_server_are_removed_and_their_directory_is_there(cluster: Path) -> None:
    sockets = cluster.with_name("sockets")
    clear(cluster, sockets)
    (sockets / ".s.PGSQL.5432.lock").write_text("1\n")

    clear(cluster, sockets)

    assert list(sockets.iterdir()) == []
