"""A PostgreSQL with TLS, where one is installed: the embedded one has none."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from tests.support.databases import connected
from tests.support.net.sandbox import given_to_nobody, running, said

PASSWORD: Final = "password-of-the-tests"
_RULES: Final = """
hostnossl all careless all trust
hostssl all careful all trust
hostssl all certified all cert
host all postgres all scram-sha-256
"""
"""Who may come how, besides `postgres` with the password."""
_ROLES: Final = ("careless", "careful", "certified")


@dataclass(frozen=True, slots=True)
class Secured:
    """The server listens at 127.0.0.1, and its certificate is for the name localhost."""

    port: int
    root: Path
    """The certificate, which is its own root."""
    ours: Path
    """The certificate that the role `certified` has to show; its key ends with .key."""

    def url(self, parameters: str = "", *, at: str = "localhost", user: str = "postgres") -> str:
        who = f"{user}:{PASSWORD}" if user == "postgres" else user
        return f"postgresql://{who}@{at}:{self.port}/postgres?{parameters}"


@asynccontextmanager
async def secured() -> AsyncIterator[Secured]:
    program = _postgres()
    with TemporaryDirectory() as directory:
        home = _open_to_nobody(Path(directory))
        root = await certificate(home / "server.crt", "localhost")
        ours = await certificate(home / "ours.crt", "certified")
        server = Secured(_free_port(), root, ours)
        cluster = await _cluster(program.parent, home)
        settings = {
            "ssl": "on",
            "ssl_cert_file": root,
            "ssl_key_file": root.with_suffix(".key"),
            "ssl_ca_file": ours,
            "listen_addresses": "127.0.0.1",
            "port": server.port,
            "unix_socket_directories": "",
            "fsync": "off",
            "autovacuum": "off",
        }
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        async with running(str(program), "-D", str(cluster), *arguments) as process:
            await said(process, b"ready to accept")
            async with connected(server.url()) as connection:
                for role in _ROLES:
                    await connection.execute(f"CREATE ROLE {role} LOGIN")
            yield server


def _postgres() -> Path:
    """Return the path of the program, or skip the test."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not programs or shutil.which("openssl") is None:
        pytest.skip("no PostgreSQL with TLS, or no openssl (on Debian: apt install postgresql)")
    return programs[-1]


def _open_to_nobody(directory: Path) -> Path:
    directory.chmod(0o755)
    return directory


async def certificate(file: Path, name: str) -> Path:
    """Write a certificate for the name, which is its own root, and its key beside it."""
    kind = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    names = ("-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}")
    key = file.with_suffix(".key")
    openssl = await asyncio.create_subprocess_exec(
        *("openssl", "req", *kind, *names, "-out", str(file), "-keyout", str(key)),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await openssl.wait() == 0
    given_to_nobody(key)
    return file


async def _cluster(programs: Path, home: Path) -> Path:
    cluster = home / "cluster"
    cluster.mkdir(mode=0o700)
    given_to_nobody(cluster)
    (home / "password").write_text(PASSWORD)
    options = ("--username=postgres", "--auth=scram-sha-256", f"--pwfile={home / 'password'}")
    initdb = running(str(programs / "initdb"), "-D", str(cluster), "--no-sync", *options)
    async with initdb as process:
        assert await process.wait() == 0
    (cluster / "pg_hba.conf").write_text(_RULES)
    return cluster


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
