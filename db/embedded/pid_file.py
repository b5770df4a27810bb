"""The file in which a server says who it is, where it listens, and whether it is ready."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Final

PID_FILE: Final = "postmaster.pid"
_READY: Final = "ready"


def postmaster(cluster: Path) -> int:
    """Return the process that the file names; 0 for none."""
    with suppress(FileNotFoundError):
        if first := re.match(rb"[0-9]{1,10}\b", (cluster / PID_FILE).read_bytes()):
            return int(first[0])
    return 0


def sockets_of(cluster: Path) -> str | None:
    """Return the directory of a server's socket; None if no server is ready."""
    try:
        _, _, _, _, sockets, *_, status = (cluster / PID_FILE).read_text().splitlines()
    except (FileNotFoundError, ValueError):
        return None
    return sockets if status.strip() == _READY else None
