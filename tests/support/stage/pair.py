"""A PostgreSQL and its standby, which is promoted when the first is lost."""

from asyncio.subprocess import Process
from pathlib import Path
from typing import Final
from urllib.parse import quote

from db.embedded.programs import installed
from tests.support.databases import connected
from tests.support.net.sandbox import given_to_nobody, running, said
from tests.support.stage.server import Server
from tests.support.waiting import until

_PRIMARY: Final = "primary"
_STANDBY: Final = "standby"
_SYNCHRONOUS: Final = """
    SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'
"""


class Pair(Server):
    """Two servers at one address, of which one takes changes.

    Replication is synchronous: what is committed is on both.
    """

    _primary: Process

    async def start(self) -> None:
        given_to_nobody(self._directory)
        programs = installed()
        assert programs is not None
        cluster = self._home(_PRIMARY)
        await _done(
            programs / "initdb",
            f"--pgdata={cluster}",
            *("--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"),
            *("--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )
        self._primary = await self._serving(_PRIMARY)
        await _done(
            programs / "pg_basebackup",
            *(f"--host={self._directory / _PRIMARY}", "--username=postgres"),
            *(f"--pgdata={self._home(_STANDBY)}", "--write-recovery-conf"),
            *("--checkpoint=fast", "--no-sync"),
        )
        await self._serving(_STANDBY)
        hosts = ",".join(str(self._directory / name) for name in (_PRIMARY, _STANDBY))
        self._dsn = (
            f"postgresql://postgres@/postgres?host={quote(hosts)}&port=5432"
            "&target_session_attrs=read-write"
        )
        async with connected(self.primary) as sql:
            await sql.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            await sql.execute("SELECT pg_reload_conf()")
            await until(lambda: sql.fetchval(_SYNCHRONOUS))

    @property
    def primary(self) -> str:
        return self._alone(_PRIMARY)

    @property
    def standby(self) -> str:
        return self._alone(_STANDBY)

    async def fail_over(self) -> None:
        """Lose the primary at once, and then promote the standby."""
        self._primary.kill()
        await self._primary.wait()
        async with connected(self.standby) as sql:
            assert await sql.fetchval("SELECT pg_promote()")

    def _home(self, name: str) -> Path:
        return self._directory / f"{name}.data"

    def _alone(self, name: str) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self._directory / name))}"

    async def _serving(self, name: str) -> Process:
        programs = installed()
        assert programs is not None
        sockets = self._directory / name
        sockets.mkdir(mode=0o755)
        given_to_nobody(sockets)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(sockets),
            "fsync": "off",
        }
        server = running(
            str(programs / "postgres"),
            *("-D", str(self._home(name))),
            *(f"--{setting}={value}" for setting, value in settings.items()),
        )
        process = await self._running.enter_async_context(server)
        await said(process, b"ready to accept")
        return process


async def _done(program: Path, *arguments: str) -> None:
    async with running(str(program), *arguments) as process:
        _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
