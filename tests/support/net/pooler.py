"""PgBouncer before PostgreSQL, where it is installed."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.net.sandbox import running, said

_PORT: Final = 6432
_SIZES: Final = {"transaction": 5, "session": 12}
"""Fewer sessions than the desk has connections, where it shares them."""
_INI: Final = """
[databases]
* = host={host} port={port}
[pgbouncer]
pool_mode = {mode}
default_pool_size = {size}
server_round_robin = {round_robin}
listen_port = {listen}
unix_socket_dir = {directory}
auth_type = trust
auth_file = {directory}/users
logfile =
"""


def pgbouncer() -> str:
    """Return the path of the program, or skip the test."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    program = shutil.which("pgbouncer", path=path)
    if program is None:
        pytest.skip("PgBouncer is not installed (on Debian: apt install pgbouncer)")
    return program


@asynccontextmanager
async def pooler(dsn: str, *, mode: str, round_robin: bool = False) -> AsyncIterator[str]:
    """Run PgBouncer before the server at a socket; yield the address through it.

    It lends the session that was used last, or all of them in turn.
    """
    program, url = pgbouncer(), urlsplit(dsn)
    with TemporaryDirectory() as directory:
        ini = _written(Path(directory), url.query, mode=mode, round_robin=int(round_robin))
        async with running(program, str(ini)) as process:
            await said(process, b"process up")
            yield url._replace(query=f"host={directory}&port={_PORT}").geturl()


def _written(directory: Path, query: str, **settings: object) -> Path:
    where = {name: values[0] for name, values in parse_qs(query).items()}
    size = _SIZES[str(settings["mode"])]
    (directory / "users").write_text('"postgres" ""\n')
    ini = directory / "ini"
    ini.write_text(_INI.format(**where, **settings, size=size, listen=_PORT, directory=directory))
    return ini
