"""The program as an operating system sees it: a process with variables, signals and an end.

Starting it takes two seconds of importing. Here that is done once: each program is forked from a
server that has imported it, which is all that tells it from `python -m bot run` or `… demo`.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 30
"""Seconds for a start or a stop; both take about one."""

_STDOUT: Final = 1
_STDERR: Final = 2
_UNREAD: Final = 2**24
"""Bytes that a program may write without anybody reading them."""
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["bot.__main__", "bot.http.server", "bot.demo"])


@dataclass(frozen=True)
class Ended:
    code: int | None
    complaint: str
    """What it wrote to standard error, log lines left out."""


class Program:
    """A program that was started."""

    def __init__(
        self,
        process: ForkServerProcess,
        stdout: asyncio.StreamReader,
        stderr: asyncio.StreamReader,
    ) -> None:
        self._process = process
        self.stdout = stdout
        self.stderr = stderr

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.kill(self.pid, signal.SIGINT)

    def terminate(self) -> None:
        """Ask it to stop, as a service manager does."""
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> None:
        await asyncio.to_thread(self._process.join)

    async def rest(self) -> bytes:
        """Wait for its end, and return what it wrote to standard error until then."""
        async with asyncio.timeout(PATIENCE):
            written = await self.stderr.read()
            await self.wait()
        return written


async def run_to_the_end(directory: Path, *arguments: str, **variables: str) -> Ended:
    """Run the program in `directory` until it gives up by itself."""
    async with started(directory, *arguments, **variables) as program:
        written = await program.rest()
    lines = written.decode().splitlines(keepends=True)
    complaint = "".join(line for line in lines if not line.startswith("{"))
    return Ended(program.returncode, complaint)


@asynccontextmanager
async def running(directory: Path, **variables: str) -> AsyncIterator[Program]:
    """Run the desk in `directory` until it is open; what is left at the end is killed."""
    async with started(directory, "run", **variables) as program:
        await read_until(program.stderr, "the desk is open")
        yield program


async def stop(program: Program) -> int:
    """Ask the program to stop, and return its exit code."""
    program.terminate()
    await program.rest()
    assert program.returncode is not None
    return program.returncode


async def read_until(stream: asyncio.StreamReader, words: str) -> list[str]:
    """Read what a program writes until a line has these words; return all lines up to it."""
    read = []
    async with asyncio.timeout(PATIENCE):
        async for line in stream:
            read.append(line.decode())
            if words in read[-1]:
                return read
    raise AssertionError(f"it ended without {words!r}:\n{''.join(read)}")


@asynccontextmanager
async def started(directory: Path, *arguments: str, **variables: str) -> AsyncIterator[Program]:
    """Start the program with these arguments; what is left at the end is killed."""
    environment = {"PATH": os.environ["PATH"], **variables}
    async with forked(_main, directory, arguments, environment) as program:
        yield program


@asynccontextmanager
async def forked(target: Callable[..., object], *arguments: object) -> AsyncIterator[Program]:
    """Call `target`, which some module has by its name, in a process of its own."""
    async with _pipe() as (stdout, said), _pipe() as (stderr, logged):
        streams = (stdout, stderr)
        process = _FORKS.Process(target=_call, args=(streams, target, arguments))
        process.start()
        for stream in streams:
            stream.close()
        program = Program(process, said, logged)
        try:
            yield program
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()


@asynccontextmanager
async def _pipe() -> AsyncIterator[tuple[Connection, asyncio.StreamReader]]:
    """Open a pipe; yield the end that is written to, and what has come out of the other."""
    reading, writing = _FORKS.Pipe(duplex=False)
    written = asyncio.StreamReader(limit=_UNREAD)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(written), reading
    )
    try:
        yield writing, written
    finally:
        transport.close()


def _call(
    streams: tuple[Connection, Connection],
    target: Callable[..., object],
    arguments: Sequence[object],
) -> None:
    for stream, number in zip(streams, (_STDOUT, _STDERR), strict=True):
        os.dup2(stream.fileno(), number)
    target(*arguments)


def _main(directory: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    os.chdir(directory)
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["bot", *arguments]

    from bot.__main__ import main  # noqa: PLC0415

    sys.exit(main())
