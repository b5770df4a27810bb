"""The program as an operating system sees it: a process with variables, signals and an end.

Starting it takes two seconds of importing. Here that is done once: each program is forked from a
server that has imported it, which is all that tells it from `python -m bot run`.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PATIENCE: Final = 30
"""Seconds for a start or a stop; both take about one."""

_STDERR: Final = 2
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bot.__main__", "bot.webhook"])


@dataclass(frozen=True)
class Ended:
    code: int | None
    complaint: str
    """What it wrote to standard error, log lines left out."""


class Program:
    """A program that was started."""

    def __init__(self, process: ForkServerProcess, stderr: asyncio.StreamReader) -> None:
        self._process = process
        self.stderr = stderr

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        """Ask it to stop, as a service manager does."""
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> None:
        await asyncio.to_thread(self._process.join)

    async def rest(self) -> bytes:
        """Wait for its end, and return what it wrote to standard error until then."""
        written = await self.stderr.read()
        await self.wait()
        return written


async def run_to_the_end(directory: Path, **variables: str) -> Ended:
    """Run the program in `directory` until it gives up by itself."""
    async with _started(directory, variables) as program, asyncio.timeout(PATIENCE):
        written = await program.rest()
    lines = written.decode().splitlines(keepends=True)
    complaint = "".join(line for line in lines if not line.startswith("{"))
    return Ended(program.returncode, complaint)


@asynccontextmanager
async def running(directory: Path, **variables: str) -> AsyncIterator[Program]:
    """Run the program in `directory` until it is open; what is left at the end is killed."""
    async with _started(directory, variables) as program:
        await read_until(program, "the desk is open")
        yield program


async def stop(program: Program) -> int:
    """Ask the program to stop, and return its exit code."""
    program.terminate()
    async with asyncio.timeout(PATIENCE):
        await program.rest()
    assert program.returncode is not None
    return program.returncode


async def read_until(program: Program, words: str) -> list[str]:
    """Read what the program logs until a line has these words; return all lines up to it."""
    read = []
    async with asyncio.timeout(PATIENCE):
        async for line in program.stderr:
            read.append(line.decode())
            if words in read[-1]:
                return read
    raise AssertionError(f"it ended without {words!r}:\n{''.join(read)}")


@asynccontextmanager
async def _started(directory: Path, variables: Mapping[str, str]) -> AsyncIterator[Program]:
    reading, writing = _FORKS.Pipe(duplex=False)
    environment = {"PATH": os.environ["PATH"], **variables}
    process = _FORKS.Process(target=_main, args=(directory, environment, writing))
    process.start()
    writing.close()
    stderr = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stderr), reading
    )
    program = Program(process, stderr)
    try:
        yield program
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
        transport.close()


def _main(directory: Path, environment: Mapping[str, str], stderr: Connection) -> None:
    os.dup2(stderr.fileno(), _STDERR)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["bot", "run"]

    from bot.__main__ import main  # noqa: PLC0415

    sys.exit(main())
