"""What a server leaves behind that did not end by itself."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from db.embedded.pid_file import PID_FILE, postmaster

_PROCESSES: Final = Path("/proc")


def clear(cluster: Path, sockets: Path) -> None:
    """Remove the files of a server whose processes have all ended.

    PostgreSQL refuses to start while the number in such a file belongs to any process, and after
    a restart of the machine or the container it may. A power cut may leave the file empty.
    """
    if not _is_of(cluster, postmaster(cluster)):
        (cluster / PID_FILE).unlink(missing_ok=True)
    sockets.mkdir(mode=0o700, exist_ok=True)
    for file in sockets.iterdir():
        file.unlink()


def end_orphans(cluster: Path) -> None:
    """End the processes of a server whose first process is gone: they only hold up the next.

    Works only on Linux; elsewhere they end by themselves.
    """
    members = set(_processes(cluster))
    if postmaster(cluster) in members:
        return
    for pid in members:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _processes(cluster: Path) -> Iterator[int]:
    for entry in _PROCESSES.glob("[0-9]*"):
        if _is_of(cluster, int(entry.name)):
            yield int(entry.name)


def _is_of(cluster: Path, pid: int) -> bool:
    """Whether a process works in this directory, as all processes of its server do."""
    try:
        return (_PROCESSES / str(pid) / "cwd").samefile(cluster)
    except OSError:
        return False
