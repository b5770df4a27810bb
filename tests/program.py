"""The program as an operating system sees it: a process with variables, signals and an end."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PATIENCE: Final = 30
"""Seconds for a start or a stop; both take about one."""


@dataclass(frozen=True)
class Ended:
    code: int | None
    complaint: str
    """What it wrote to standard error, log lines left out."""


async def run_to_the_end(directory: Path, **variables: str) -> Ended:
    """Run the program in `directory` until it gives up by itself."""
    async with _started(directory, variables) as process, asyncio.timeout(PATIENCE):
        _, written = await process.communicate()
    lines = written.decode().splitlines(keepends=True)
    complaint = "".join(line for line in lines if not line.startswith("{"))
    return Ended(process.returncode, complaint)


@asynccontextmanager
async def running(directory: Path, **variables: str) -> AsyncIterator[Process]:
    """Run the program in `directory` until it is open; what is left at the end is killed."""
    async with _started(directory, variables) as process:
        await read_until(process, "the desk is open")
        yield process


async def stop(process: Process) -> int:
    """Ask the program to stop as a service manager does, and return its exit code."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        await process.communicate()
    assert process.returncode is not None
    return process.returncode


@asynccontextmanager
async def _started(directory: Path, variables: dict[str, str]) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=directory,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables},
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def read_until(process: Process, words: str) -> list[str]:
    """Read what the program logs until a line has these words; return all lines up to it."""
    assert process.stderr is not None
    read = []
    async with asyncio.timeout(PATIENCE):
        async for line in process.stderr:
            read.append(line.decode())
            if words in read[-1]:
                return read
    raise AssertionError(f"it ended without {words!r}:\n{''.join(read)}")
