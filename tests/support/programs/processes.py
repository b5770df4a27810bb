"""Separate processes that run programs of this repository."""

import asyncio
import logging
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

import structlog

ROOT: Final = Path(__file__).parents[3]


async def python(
    *arguments: str,
    variables: Mapping[str, str] = {},
    directory: Path = ROOT,
    log: IO[bytes] | None = None,
) -> Process:
    """Start Python with these arguments and the repository on its path."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=directory,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables},
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=log,
    )


def resident(process: Process) -> int:
    """Return the resident memory of a process in bytes; works only on Linux."""
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    [line] = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def quietly() -> None:
    """Log only warnings and errors of the desk's code in this process."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def free_port() -> int:
    """Return a port of this machine that is not in use."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
