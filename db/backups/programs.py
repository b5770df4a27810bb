"""pg_dump and pg_restore: which ones there are, and how they are run."""

import asyncio
import os
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from db.embedded import installed
from db.errors import reason_of
from db.failures import FAILURES
from db.server.address import Address
from db.server.connecting import Connector, Session

_HOURS: Final = 6 * 3600
"""The most seconds for a backup or a restore."""
_ANSWER_SECONDS: Final = 10
_COUNT_SECONDS: Final = 600
_KEPT: Final = ("PATH", "HOME", "PGPASSWORD", "PGPASSFILE")
"""The variables that the programs get; others of PostgreSQL may be meant for another server."""
_VERSION: Final = re.compile(rb"\(PostgreSQL\) (\d+)")
_ERROR: Final = re.compile(r"(?:error|ERROR|FATAL): +(.+)")


class BackupError(Exception):
    """No backup was made, restored or proved; the text is one line that says why."""


@dataclass(frozen=True, slots=True)
class Program:
    """One of PostgreSQL's programs on this machine."""

    path: Path
    version: int
    """The major version: 18 for 18.6."""


@dataclass(frozen=True, slots=True)
class Server:
    """What a program must be able to do for a server."""

    version: int
    is_encrypted: bool

    @classmethod
    async def of(cls, session: Session) -> "Server":
        version = await session.fetchval(
            "SELECT current_setting('server_version_num')::int / 10000"
        )
        return cls(version, session.tls_version is not None)


@asynccontextmanager
async def session_with(dsn: str) -> AsyncIterator[Session]:
    """Yield a session for a few questions.

    Raises:
        BackupError: PostgreSQL cannot be used.
    """
    try:
        connector = Connector(Address.parse(dsn))
        session = await connector.connect(seconds=_ANSWER_SECONDS, command_timeout=_COUNT_SECONDS)
        try:
            yield session
        finally:
            await session.close(timeout=_ANSWER_SECONDS)
    except (*FAILURES, ValueError) as error:
        raise BackupError(f"PostgreSQL cannot be used: {reason_of(error)}.") from error


async def program_for(server: Server, name: str) -> Program:
    """Return the oldest program that the server is not too new for.

    Raises:
        BackupError: there is none; the text says which one to install.
    """
    found = [program async for program in _found(name, server)]
    able = [program for program in found if program.version >= server.version]
    if able:
        return min(able, key=lambda program: program.version)
    here = ", ".join(f"{program.version} ({program.path})" for program in found) or "none"
    encrypted = "; the one that comes with the desk cannot encrypt" * server.is_encrypted
    raise BackupError(
        f"The server is PostgreSQL {server.version}, and {name} here is of version {here}"
        f"{encrypted}. Install the client programs of version {server.version} or newer"
        f" (on Debian: postgresql-client-{server.version})."
    )


async def _found(name: str, server: Server) -> AsyncIterator[Program]:
    for path in _paths(name, server):
        process = await asyncio.create_subprocess_exec(path, "--version", stdout=PIPE)
        said, _ = await process.communicate()
        if version := _VERSION.search(said):
            yield Program(path, int(version[1]))


def _paths(name: str, server: Server) -> Iterator[Path]:
    if on_path := shutil.which(name):
        yield Path(on_path)
    ours = installed()
    # The package's programs know no TLS, and would connect without it where the server lets them.
    if ours and not server.is_encrypted:
        yield ours / name


async def run(program: Program, dsn: str, *arguments: str) -> None:
    """Run a program on a database.

    Raises:
        BackupError: it fails, or takes too long.
    """
    address, password = _without_password(dsn)
    process = await asyncio.create_subprocess_exec(
        program.path,
        *(f"--dbname={address}", "--no-password", *arguments),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
        env=_environment(password),
    )
    try:
        async with asyncio.timeout(_HOURS):
            _, said = await process.communicate()
    except TimeoutError:
        raise BackupError(f"{program.path.name} has not ended in {_HOURS} seconds.") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode != 0:
        raise BackupError(_why(said.decode(errors="replace")) or f"{program.path.name} failed.")


def _environment(password: str | None) -> Mapping[str, str]:
    ours = {name: os.environ[name] for name in _KEPT if name in os.environ}
    given = {} if password is None else {"PGPASSWORD": password}
    return {**ours, **given, "LC_ALL": "C", "TZ": "UTC", "PGCONNECT_TIMEOUT": str(_ANSWER_SECONDS)}


def _without_password(dsn: str) -> tuple[str, str | None]:
    """Return an address that anybody may read, as command lines can be, and the password."""
    url = urlsplit(dsn)
    login, at, hosts = url.netloc.rpartition("@")
    user, colon, password = login.partition(":")
    parameters = parse_qsl(url.query, keep_blank_values=True)
    named = dict(parameters).get("password")
    query = urlencode([(name, value) for name, value in parameters if name != "password"])
    address = url._replace(netloc=f"{user}{at}{hosts}", query=query).geturl()
    return address, named or (unquote(password) if colon else None)


def _why(said: str) -> str | None:
    """Return the first error without the values that it quotes, which are people's data."""
    errors = _ERROR.findall(said)
    # pg_restore says what it was doing, and then what the server says.
    return errors[0].partition(': "')[0].strip().rstrip(".") + "." if errors else None
