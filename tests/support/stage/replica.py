"""The desk as a process that can be killed, stopped, and given a wrong clock."""

import asyncio
import json
import shutil
import signal
import socket
import time
from asyncio.subprocess import Process
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

from tests.support.programs.processes import python, resident

_PATIENCE: Final = 60
_OPEN: Final = "the desk is open"
_INTERVAL: Final = 0.05


class Replica:
    """One `python -m bot run`."""

    def __init__(self, process: Process, log: Path) -> None:
        self._process = process
        self.log = log
        self.is_open = False
        self.ended_by_us = False

    @classmethod
    async def started(
        cls, log: Path, variables: Mapping[str, str], listening: socket.socket | None = None
    ) -> Self:
        with log.open("wb") as file:
            process = await python(
                *("-m", "bot", "run"),
                variables=variables,
                directory=log.parent,
                log=file,
                listening=listening,
            )
        return cls(process, log)

    async def opened(self) -> None:
        """Wait until its log says that it is open.

        Raises:
            TimeoutError: it does not open in time.
            RuntimeError: it ends instead.
        """
        async with asyncio.timeout(_PATIENCE):
            while _OPEN not in self.log.read_text():
                if self._process.returncode is not None:
                    raise RuntimeError(f"a replica did not start:\n{self.log.read_text()}")
                await asyncio.sleep(_INTERVAL)
        self.is_open = True

    @property
    def failed(self) -> bool:
        """Whether it ended by itself."""
        return self._process.returncode is not None and not self.ended_by_us

    @property
    def ahead(self) -> timedelta:
        """How far its clock is ahead of ours, according to its log."""
        last: Mapping[str, Any] = json.loads(self.log.read_text().splitlines()[-1])
        return datetime.fromisoformat(last["timestamp"]) - datetime.now(UTC)

    @property
    def resident(self) -> int:
        """Its resident memory in bytes."""
        return resident(self._process)

    async def kill(self) -> None:
        """End it at once with SIGKILL."""
        self.is_open, self.ended_by_us = False, True
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    def freeze(self) -> None:
        """Let it do nothing more, with everything open, as if its host were lost."""
        self.is_open, self.ended_by_us = False, True
        self._process.send_signal(signal.SIGSTOP)

    async def stop(self) -> tuple[int, float]:
        """Send SIGTERM, as a service manager does; return the exit code and the seconds."""
        self.is_open, self.ended_by_us = False, True
        began = time.monotonic()
        self._process.terminate()
        async with asyncio.timeout(_PATIENCE):
            code = await self._process.wait()
        return code, time.monotonic() - began


async def wrong_clock(ahead: str) -> Mapping[str, str] | None:
    """Return the variables that set a program's clock `ahead`, for example by "+1h".

    None if libfaketime is not installed. Only the wall clock is wrong; the monotonic clock is not.
    """
    if not (faketime := shutil.which("faketime")):
        return None
    printing = await asyncio.create_subprocess_exec(
        *(faketime, "-f", ahead, "printenv", "LD_PRELOAD"), stdout=asyncio.subprocess.PIPE
    )
    library, _ = await printing.communicate()
    return {
        "LD_PRELOAD": library.decode().strip(),
        "FAKETIME": ahead,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
