"""Programs measured from outside, as processes: their CPU and memory."""

import os
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Mapping, Set
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import IO

from tests.support.programs.processes import ROOT, python, resident


@asynccontextmanager
async def running(
    *arguments: str,
    variables: Mapping[str, str] = {},
    directory: Path = ROOT,
    log: IO[bytes] | None = None,
) -> AsyncIterator[Process]:
    """Run Python with these arguments; it is terminated when the block ends."""
    process = await python(*arguments, variables=variables, directory=directory, log=log)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep this program and its children on one core, if the system can do that.

    Programs that wait for each other lose nothing by it. On two cores the same query takes
    PostgreSQL two to five times as long while the scheduler keeps the two apart.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    _keep_on({min(cores)})
    try:
        yield
    finally:
        _keep_on(cores)


def _keep_on(cores: Set[int]) -> None:
    for pid in _family(os.getpid()):
        with suppress(ProcessLookupError):
            os.sched_setaffinity(pid, cores)


def _family(pid: int) -> Iterator[int]:
    """Yield the program and all its descendants."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            for child in children.read_text().split():
                yield from _family(int(child))


def cpu_seconds(pid: int) -> float:
    """Return the CPU that a process has used so far, in its own code and in the kernel."""
    # This is clock_getcpuclockid(3); /proc has a resolution of only a hundredth of a second.
    clock = (~pid << 3) | 2
    return time.clock_gettime(clock)


def megabytes(process: Process) -> float:
    """Return the resident memory of a process now."""
    return resident(process) / 2**20
