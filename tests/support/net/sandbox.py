"""Programs that refuse to be root, such as servers."""

import asyncio
import os
import pwd
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from db.embedded import sandbox

PATIENCE: Final = 20
"""Seconds until such a program must be ready."""


@asynccontextmanager
async def running(program: str, *arguments: str) -> AsyncIterator[asyncio.StreamReader]:
    """Run a program as nobody, if we are root; yield what it says, and kill it at the end."""
    nobody = pwd.getpwnam("nobody")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", sandbox.__file__, str(os.getpid())),
        *(str(nobody.pw_uid), str(nobody.pw_gid), program, *arguments),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
    )
    assert process.stderr is not None
    try:
        yield process.stderr
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def given_to_nobody(file: Path) -> None:
    """Give a file to the user of these programs, if we are root."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(file, nobody.pw_uid, nobody.pw_gid)
