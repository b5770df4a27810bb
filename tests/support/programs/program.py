"""The program as a process, with variables, signals and an exit code.

Importing the program takes two seconds, so each process is forked from a server that has imported
it. Otherwise it is the same as `python -m bot run` or `… demo`.
"""

import asyncio
import json
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

ROOT: Final = Path(__file__).parents[3]
PATIENCE: Final = 30
"""Seconds; a start or a stop takes about one."""

_STDOUT: Final = 1
_STDERR: Final = 2
_UNREAD: Final = 2**24
"""Bytes that a program can write before the test reads them."""
_FORKS: Final = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["bot.telegram.on_demand", "bot.commands", "bot.http.server", "bot.demo"]
)


@dataclass(frozen=True)
class Ended:
    code: int | None
    complaint: str
    """Why it ended, as the last line of its log says, and what it wrote beside the log."""


class Program:
    """A program that runs."""

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
        """Send SIGTERM, as a service manager does."""
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> None:
        await asyncio.to_thread(self._process.join)

    async def rest(self) -> bytes:
        """Wait for its end, and return the rest of its output on standard error."""
        async with asyncio.timeout(PATIENCE):
            written = await self.stderr.read()
            await self.wait()
        return written


async def run_to_the_end(directory: Path, *arguments: str, **variables: str) -> Ended:
    """Run the program in `directory` until it ends by itself."""
    async with started(directory, *arguments, **variables) as program:
        written = await program.rest()
    return Ended(program.returncode, complaint_in(written))


def complaint_in(written: bytes) -> str:
    """Return what a program says beside the lines of its log, and why it ends."""
    said = []
    for line in written.decode().splitlines():
        record = json.loads(line) if line.startswith("{") else {"event": line}
        if record.get("level", "critical") == "critical":
            said.append(f"{record['event']}\n")
    return "".join(said)


@asynccontextmanager
async def running(directory: Path, **variables: str) -> AsyncIterator[Program]:
    """Run the desk in `directory`; yield it when it is open, and kill it at the end."""
    async with started(directory, "run", **variables) as program:
        await read_until(program.stderr, "the desk is open")
        yield program


async def stop(program: Program) -> int:
    """Stop the program, and return its exit code."""
    program.terminate()
    await program.rest()
    assert program.returncode is not None
    return program.returncode


async def read_until(stream: asyncio.StreamReader, words: str) -> list[str]:
    """Read output until a line has these words; return all lines up to it."""
    read = []
    async with asyncio.timeout(PATIENCE):
        async for line in stream:
            read.append(line.decode())
            if words in read[-1]:
                return read
    raise AssertionError(f"it ended without {words!r}:\n{''.join(read)}")


@asynccontextmanager
async def started(directory: Path, *arguments: str, **variables: str) -> AsyncIterator[Program]:
    """Start the program with these arguments; kill it at the end if it still runs."""
    environment = {"PATH": os.environ["PATH"], **variables}
    async with forked(_main, directory, arguments, environment) as program:
        yield program


@asynccontextmanager
async def forked(target: Callable[..., object], *arguments: object) -> AsyncIterator[Program]:
    """Call `target`, a function of a module, in a new process."""
    async with _pipe() as (stdout, output), _pipe() as (stderr, errors):
        streams = (stdout, stderr)
        process = _FORKS.Process(target=_call, args=(streams, target, arguments))
        process.start()
        for stream in streams:
            stream.close()
        program = Program(process, output, errors)
        try:
            yield program
        finally:
            if program.returncode is None:
                program.kill()
                await program.wait()


@asynccontextmanager
async def _pipe() -> AsyncIterator[tuple[Connection, asyncio.StreamReader]]:
    """Open a pipe; yield its writing end, and a reader of the other."""
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
