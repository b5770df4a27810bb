"""Programs that refuse to be root, such as servers."""

import asyncio
import os
import pwd
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from db.embedded import sandbox

PATIENCE: Final = 20
"""Seconds until such a program must be ready."""


@asynccontextmanager
async def running(program: str, *arguments: str) -> AsyncIterator[Process]:
    """Run a program as nobody, if we are root, and end it when the block ends."""
    nobody = pwd.getpwnam("nobody")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", sandbox.__file__, str(os.getpid())),
        *(str(nobody.pw_uid), str(nobody.pw_gid), program, *arguments),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            # PostgreSQL would wait for its clients after a SIGTERM.
            process.send_signal(signal.SIGINT)
        await process.wait()


async def said(process: Process, words: bytes) -> None:
    """Wait until a line of its log has these words."""
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while words not in (line := await process.stderr.readline()):
            assert line, f"it has ended without saying {words!r}"


def given_to_nobody(file: Path) -> None:
    """Give a file to the user of these programs, if we are root."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(file, nobody.pw_uid, nobody.pw_gid)
