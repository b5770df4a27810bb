"""PostgreSQL's directory: made once, then served until the program ends."""

import asyncio
import os
import re
import shutil
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db.embedded import pid_file, remains
from db.embedded.locks import Locked, locked
from db.embedded.nameless import for_nameless
from db.embedded.programs import (
    INITDB,
    PATIENCE,
    SERVER,
    EmbeddedPostgresError,
    Owner,
    owner_of,
    running,
    unprivileged,
)

_ORPHANS_SECONDS: Final = 1
"""After which the processes of a dead server are ended; most end at once by themselves."""
_INITDB: Final = (
    "--username=postgres",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--no-locale",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
_LAST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Cluster:
    """PostgreSQL's directory, and its programs, which run as the owner of the directory."""

    home: Path
    programs: Path

    @property
    def path(self) -> Path:
        return self.home / "cluster"

    async def prepare(self) -> None:
        """Make the directory if it is missing, and give it to somebody who may serve it."""
        if not self.path.exists():
            async with self._alone() as lock:
                await self._create(lock)
        if os.geteuid() == self.path.stat().st_uid == 0:
            self._leave_root(unprivileged())

    @asynccontextmanager
    async def served(self, sockets: Path, settings: Mapping[str, str]) -> AsyncIterator[Process]:
        """Run a server; yield its process when it accepts connections in `sockets`.

        Raises:
            EmbeddedPostgresError: it does not start.
        """
        async with self._alone() as lock:
            remains.clear(self.path, sockets)
            arguments = [f"--{name}={value}" for name, value in settings.items()]
            async with running(
                self.programs / SERVER,
                *("-D", str(self.path)),
                *arguments,
                owner=owner_of(self.path),
                log=self._log,
                lock=lock,
            ) as server:
                await self._accepted(server)
                yield server

    def last_words(self) -> str:
        """Return the reasons that the latest server or initdb gave for its end."""
        try:
            text = self._log.read_text(errors="replace")
        except OSError as error:
            return str(error)
        reasons = re.findall(r"(?:FATAL|PANIC|DETAIL|HINT|error): +(.+?)\.?\n", text)
        return ". ".join(reasons[-_LAST_WORDS:] or text.splitlines()[-1:])

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[int]:
        """Wait until the last process of an earlier server has ended; yield a lock for the next.

        All processes of a server hold it, so no file has to be believed.
        """
        async with AsyncExitStack() as stack:
            path = self.home / "server.lock"
            try:
                lock = await stack.enter_async_context(locked(path, patience=_ORPHANS_SECONDS))
            except Locked:
                remains.end_orphans(self.path)
                lock = await stack.enter_async_context(locked(path, patience=PATIENCE))
            yield lock

    async def _create(self, lock: int) -> None:
        """Fill a draft directory, then rename it, so that `path` is never half full."""
        draft = self.home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        async with AsyncExitStack() as stack:
            owner = owner_of(self.path)
            programs = self.programs
            if not owner.has_name:
                programs = stack.enter_context(for_nameless(programs, self.home))
            initdb = await stack.enter_async_context(
                running(
                    programs / INITDB,
                    *_INITDB,
                    f"--pgdata={draft}",
                    owner=owner,
                    log=self._log,
                    lock=lock,
                )
            )
            if await initdb.wait() != 0:
                raise self._failure()
        draft.rename(self.path)

    def _leave_root(self, owner: Owner) -> None:
        """Give files that root restored to another user, as PostgreSQL refuses to run as root."""
        for path in (self.path, *self.path.rglob("*")):
            os.chown(path, owner.uid, owner.gid, follow_symlinks=False)

    async def _accepted(self, server: Process) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not self._is_ready(server):
                    if server.returncode is not None:
                        raise self._failure()
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise self._failure() from None

    def _is_ready(self, server: Process) -> bool:
        is_ours = pid_file.postmaster(self.path) == server.pid
        return is_ours and pid_file.sockets_of(self.path) is not None

    @property
    def _log(self) -> Path:
        return self.home / "server.log"

    def _failure(self) -> EmbeddedPostgresError:
        return EmbeddedPostgresError(
            f"PostgreSQL did not start on {self.home}. {self.last_words()}. (From {self._log}.)"
        )
