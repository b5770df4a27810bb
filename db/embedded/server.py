"""PostgreSQL without an installation: the server from a wheel, as a child of the program.

The data directory holds `cluster` (PostgreSQL's own files), `server.log` (of the latest start)
and two locks. The program holds `program.lock`. Every process of the server holds `server.lock`,
so the next start waits for a server that outlives its program for a moment.
"""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NoReturn
from urllib.parse import quote, urlencode

import structlog

from db.embedded.cluster import Cluster
from db.embedded.locks import Locked, locked
from db.embedded.pid_file import sockets_of
from db.embedded.programs import DataInUse, EmbeddedPostgresError, installed

_PORT: Final = "5432"  # Only a part of the socket's name; the server is on no network.
_LONGEST_SOCKET: Final = 103  # Bytes, on macOS; Linux allows 107.
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 15.0
"""Seconds between attempts to start a server again."""

logger = structlog.get_logger(__name__)


@asynccontextmanager
async def embedded_postgres(
    data_dir: Path, *, settings: Mapping[str, str] = {}
) -> AsyncIterator[str]:
    """Run PostgreSQL on `data_dir` and yield its DSN.

    A new directory is created and filled. A server that ends is started again. It stops, with
    everything on disk, when the block ends; on Linux also when the program is killed. It listens
    on a socket that only the user of this process can reach.

    Args:
        data_dir: One program at a time can use it.
        settings: Parameters of postgresql.conf, such as {"fsync": "off"}.

    Raises:
        EmbeddedPostgresError: the server cannot run, or `data_dir` is in use.
    """
    async with AsyncExitStack() as stack:
        try:
            dsn = await stack.enter_async_context(_serving(data_dir, settings))
        except OSError as error:
            raise EmbeddedPostgresError(
                f"PostgreSQL cannot use {data_dir}: {error}. Make it writable for this user, "
                "choose another directory, or set DATABASE_URL."
            ) from error
        except Locked:
            raise DataInUse(
                f"{data_dir} is in use by another running program; "
                "stop that one, or choose another directory."
            ) from None
        yield dsn


@asynccontextmanager
async def shared_postgres(data_dir: Path) -> AsyncIterator[str]:
    """Yield the DSN of the server that a program runs on `data_dir`, or run one meanwhile.

    Raises:
        EmbeddedPostgresError: there are no data, or the server cannot run.
    """
    if not (data_dir / "cluster").exists():
        raise EmbeddedPostgresError(f"There is no database in {data_dir}. Check DATA_DIR.")
    async with AsyncExitStack() as stack:
        try:
            dsn = await stack.enter_async_context(embedded_postgres(data_dir))
        except DataInUse:
            running = running_on(data_dir)
            if running is None:
                raise
            dsn = running
        yield dsn


@asynccontextmanager
async def _serving(data_dir: Path, settings: Mapping[str, str]) -> AsyncIterator[str]:
    programs = installed()
    if programs is None:
        raise EmbeddedPostgresError(
            "There is no built-in PostgreSQL for this platform; "
            "set DATABASE_URL to a database of yours."
        )
    home = _made(data_dir)
    async with locked(home / "program.lock", patience=0):
        cluster = Cluster(home, programs)
        await cluster.prepare()
        with TemporaryDirectory(prefix="booking-desk-", ignore_cleanup_errors=True) as sockets:
            all_settings = {**_on_socket(sockets), **settings}
            async with _Server(cluster, Path(sockets), all_settings).kept_running():
                yield _dsn(sockets)


def running_on(data_dir: Path) -> str | None:
    """Return the DSN of the server that another program runs on `data_dir`; None without one."""
    sockets = sockets_of(data_dir / "cluster")
    return None if sockets is None else _dsn(sockets)


def _dsn(sockets: str) -> str:
    where = urlencode({"host": sockets, "port": _PORT}, quote_via=quote)
    return f"postgresql://postgres@/postgres?{where}"


def _made(data_dir: Path) -> Path:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return data_dir.absolute()


def _on_socket(directory: str) -> dict[str, str]:
    if len(os.fsencode(f"{directory}/.s.PGSQL.{_PORT}")) > _LONGEST_SOCKET:
        raise EmbeddedPostgresError(
            f"{directory} is too long for the name of a socket; set TMPDIR to a shorter path."
        )
    return {
        "listen_addresses": "",
        "port": _PORT,
        "unix_socket_directories": directory,
        "log_checkpoints": "off",
        # Not what is refused: the rows and statements are people's data, and the desk is told.
        "log_min_messages": "log",
    }


class _Server:
    """A server that is started again whenever it ends, at the same address."""

    def __init__(self, cluster: Cluster, sockets: Path, settings: Mapping[str, str]) -> None:
        self._cluster = cluster
        self._sockets = sockets
        self._settings = settings
        self._running = AsyncExitStack()

    @asynccontextmanager
    async def kept_running(self) -> AsyncIterator[None]:
        async with self._running:
            keeping = asyncio.create_task(self._keep(await self._start()))
            try:
                yield
            finally:
                keeping.cancel()
                await asyncio.wait([keeping])

    async def _start(self) -> Process:
        serving = self._cluster.served(self._sockets, self._settings)
        return await self._running.enter_async_context(serving)

    async def _keep(self, server: Process) -> NoReturn:
        while True:
            code = await server.wait()
            logger.warning(
                "the embedded database has ended and is started again",
                code=code,
                reason=self._cluster.last_words(),
            )
            await self._running.aclose()
            server = await self._start_again()
            logger.info("the embedded database is back")

    async def _start_again(self) -> Process:
        pause = _FIRST_PAUSE
        while True:
            try:
                return await self._start()
            except (EmbeddedPostgresError, Locked, OSError) as error:
                logger.warning("the embedded database does not start", reason=str(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
