"""What systemd hands to the program, and what it wants to hear."""

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from bot.running.repeat import Work, repeat

_FIRST: Final = 3
"""The number of the first socket, after the standard streams."""


def inherited_sockets() -> Sequence[socket.socket]:
    """Return the listening sockets that were opened for this process, to be called once.

    They outlive it: who connects between two programs waits for the next.
    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", "0"))
    return [socket.socket(fileno=number) for number in range(_FIRST, _FIRST + count)]


def notify(state: str) -> None:
    """Tell systemd of a state, such as "READY=1", if it listens."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as telling:
            telling.setblocking(False)
            # The name of an abstract socket begins with a zero, which is written as @.
            name = f"\0{address[1:]}" if address.startswith("@") else address
            telling.sendto(state.encode(), name)


def watchdog() -> Sequence[Work]:
    """Return the work that says that the event loop turns, if systemd restarts who does not."""
    if not (microseconds := os.environ.get("WATCHDOG_USEC")):
        return []
    pause = int(microseconds) / 1e6 / 3

    async def say() -> float:
        notify("WATCHDOG=1")
        return pause

    return [partial(repeat, say)]
