"""The cost of a start, compared to importing only the necessary libraries."""

import asyncio
import time
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.support.processes import cpu_seconds, megabytes, running
from benchmarks.support.reports import Section
from benchmarks.support.stub import Call, Stub
from benchmarks.support.updates import command
from tests.support.programs.reports import Table

_MOST: Final = 1.2
"""The highest ratio to the cost of the libraries."""
_WAIT: Final = "import signal; print(flush=True); signal.pause()"
_LIBRARIES: Final = f"import aiogram, asyncpg, pydantic_settings; {_WAIT}"
_PROGRAM: Final = f"import bot.telegram.on_demand, bot.commands; {_WAIT}"
_SETTLE_SECONDS: Final = 1.0
_PATIENCE: Final = 60
_BOTS: Final = count(2001)
_ADMIN: Final = 1


@dataclass(frozen=True, slots=True)
class _Cost:
    seconds: float
    cpu: float
    memory: float
    """Megabytes, after an idle moment."""


async def measure(*, rounds: int) -> Section:
    """Start the libraries, the program's imports and the program, by turns."""
    with TemporaryDirectory(prefix="bench-") as directory:
        async with Stub.serving() as stub:
            desk = partial(_answered, stub, Path(directory))
            starts: dict[str, Callable[[], Awaitable[_Cost]]] = {
                "the libraries, imported": partial(_imported, _LIBRARIES),
                "the desk, imported": partial(_imported, _PROGRAM),
                "the desk, from nothing to its first answer": desk,
            }
            costs: dict[str, list[_Cost]] = {name: [] for name in starts}
            # The first start makes the database.
            await desk()
            for _ in range(rounds):
                for name, start in starts.items():
                    costs[name].append(await start())
    return _section({name: _middle(measured) for name, measured in costs.items()})


async def _imported(code: str) -> _Cost:
    began = time.perf_counter()
    async with running("-c", code) as process:
        await _line(process)
        return await _cost(process, time.perf_counter() - began)


async def _answered(stub: Stub, directory: Path) -> _Cost:
    """Start the desk on its own database, with one update waiting."""
    token = f"{next(_BOTS)}:bench"
    account, answered = stub.account(token), asyncio.Event()

    def watch(call: Call) -> None:
        if call.method == "sendMessage":
            answered.set()

    account.watch = watch
    await account.give("message", command(_ADMIN, "/pending"))
    variables = {"BOT_TOKEN": token, "ADMIN_IDS": str(_ADMIN), "TELEGRAM_API_URL": stub.url}
    began = time.perf_counter()
    with (directory / "log").open("ab") as log:
        desk = running("-m", "bot", "run", variables=variables, directory=directory, log=log)
        async with desk as process:
            await asyncio.wait_for(answered.wait(), _PATIENCE)
            return await _cost(process, time.perf_counter() - began)


async def _cost(process: Process, seconds: float) -> _Cost:
    used = cpu_seconds(process.pid)
    await asyncio.sleep(_SETTLE_SECONDS)
    return _Cost(seconds, used, megabytes(process))


async def _line(process: Process) -> None:
    if process.stdout is not None:
        await asyncio.wait_for(process.stdout.readline(), _PATIENCE)


def _middle(costs: Sequence[_Cost]) -> _Cost:
    return _Cost(
        median(cost.seconds for cost in costs),
        median(cost.cpu for cost in costs),
        median(cost.memory for cost in costs),
    )


def _section(costs: Mapping[str, _Cost]) -> Section:
    libraries = next(iter(costs.values()))
    rows, misses = [], []
    for name, cost in costs.items():
        slower, bigger = cost.seconds / libraries.seconds, cost.memory / libraries.memory
        figures = (f"{cost.seconds:.2f} · {slower:.2f}", f"{cost.cpu:.2f}")
        rows.append((name, *figures, f"{cost.memory:.0f} · {bigger:.2f}"))
        misses += [f"{name}: {slower:.2f} times the time"] if slower > _MOST else []
        misses += [f"{name}: {bigger:.2f} times the memory"] if bigger > _MOST else []
    columns = (" ", "seconds · ratio", "of CPU", "MB · ratio")
    title = f"Start and size, at most {_MOST} times the libraries"
    measured = [{"name": name, **asdict(cost)} for name, cost in costs.items()]
    return Section(title, Table(columns, rows), measured, misses)
