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
_ACTIVATING: Final = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.argv[2], sys.argv[2:])
"""


async def python(
    *arguments: str,
    variables: Mapping[str, str] = {},
    directory: Path = ROOT,
    log: IO[bytes] | None = None,
    listening: socket.socket | None = None,
) -> Process:
    """Start Python with these arguments and the repository on its path.

    A socket that is `listening` is handed over as systemd does.
    """
    number = -1 if listening is None else listening.fileno()
    activating = () if listening is None else ("-c", _ACTIVATING, str(number), sys.executable)
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *activating,
        *arguments,
        cwd=directory,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables},
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=log,
        pass_fds=() if listening is None else (number,),
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
