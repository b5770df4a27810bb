"""The time until a welcome leaves, and the welcomes a second."""

import asyncio
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

import asyncpg

from benchmarks.support.databases import Databases, Fill
from benchmarks.support.processes import cpu_seconds, megabytes, running
from benchmarks.support.reports import Figure, Section, below
from benchmarks.support.stub import Account, Call, Stub
from benchmarks.support.timing import Times
from benchmarks.support.updates import press
from bot.views.lists import Origin, Tab
from db.models.bookings import BookingAction, BookingStatus
from keyboards.payloads.bookings import DecisionButton
from tests.support.programs.reports import Table

_ADMIN: Final = 1
_FIRST_STUDENT: Final = 1_000_000
_RATE: Final = 25
_UNLIMITED: Final = 2_000
"""Messages a second: more than the desk can send."""
_WAITING: Final = range(1, 1_000_000, 2)
"""The pending bookings: every second one; see `_BOOKINGS`."""
_PACE_SECONDS: Final = 0.1
"""Seconds between two presses, so that no message waits for the gate."""
_PRESS_SECONDS: Final = 0.5
_FAST: Final = 300
_UNSTEADY: Final = 3
_PATIENCE: Final = 120
_GLANCE: Final = 0.02
_TOKENS: Final = (f"{n}:bench" for n in count(4001))
_PENDING: Final = Origin(Tab(BookingStatus.PENDING))
_SCREEN: Final = {"text": "Booking", "reply_markup": {"inline_keyboard": []}}
_BOOKINGS: Final = """
    INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed, created_at)
    SELECT $2 + n, 'Student ' || n, 1, 'north', 1 + (n + 1) % 2, now() - n * interval '1 minute'
      FROM generate_series(1, $1::bigint) AS n
"""
#: A message of lower priority to every confirmed student, and the notification of the worker.
_BULK: Final = """
    INSERT INTO booking_desk.outbox
           (kind, key, booking_id, revision, chat_id, sender, priority)
    SELECT 'welcome', 'bulk:' || id, id, revision, user_id, 'students', 10
      FROM bookings
     WHERE confirmed = 2;
    NOTIFY booking_desk, 'outbox'
"""


@dataclass(slots=True)
class _Desk:
    """A running desk, and the times of the welcomes by chat."""

    process: Process
    account: Account
    sql: asyncpg.Connection
    welcomed: dict[int, float] = field(default_factory=dict)
    waiting: Iterator[int] = field(default_factory=lambda: iter(_WAITING))

    def watch(self, call: Call) -> None:
        if call.method == "sendMessage":
            self.welcomed[call.chat_id] = call.at

    async def confirm(self) -> float:
        """Confirm the next booking as an admin; return the seconds until its welcome arrives."""
        booking = next(self.waiting)
        button = DecisionButton.of(
            _PENDING, booking=booking, revision=1, action=BookingAction.CONFIRM
        )
        began = time.perf_counter()
        await self.account.give("callback_query", press(_ADMIN, _SCREEN, button))
        await self.until(lambda: _FIRST_STUDENT + booking in self.welcomed)
        return self.welcomed[_FIRST_STUDENT + booking] - began

    async def until(self, fulfilled: Callable[[], bool]) -> None:
        async with asyncio.timeout(_PATIENCE):
            while not fulfilled():  # noqa: ASYNC110 (a call, not an event, changes the answer)
                await asyncio.sleep(_GLANCE)


async def measure(*, presses: int, bulk: int, unlimited: int) -> Section:
    """Measure a desk at its usual pace, and one without a limit."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        log = stack.enter_context((directory / "log").open("wb"))
        stub = await stack.enter_async_context(Stub.serving())
        databases = await stack.enter_async_context(Databases.running({}))
        dsn = await databases.made(_filling(2 * bulk))
        async with _running(stub, dsn, log, "bot", "run") as desk:
            figures = [*await _busy(desk, bulk), *await _idle(desk, presses)]
        dsn = await databases.made(_filling(2 * unlimited))
        program = ("benchmarks.unlimited", str(_UNLIMITED))
        async with _running(stub, dsn, log, *program) as desk:
            figures += await _at_full_speed(desk, unlimited)
    title = "From Confirm to the welcome's request, and deliveries"
    table = Table((" ", "measured", "goal", ""), [figure.cells for figure in figures])
    misses = [f"{figure.name}: {figure.value:.1f}" for figure in figures if not figure.kept]
    return Section(title, table, [{figure.name: figure.value} for figure in figures], misses)


async def _busy(desk: _Desk, bulk: int) -> Sequence[Figure]:
    """Confirm bookings now and then while a bulk run sends to many other people."""
    await desk.sql.execute(_BULK)
    await desk.until(lambda: len(desk.welcomed) > _RATE)
    waits, begun = [], len(desk.welcomed)
    while len(desk.welcomed) < bulk:
        waits.append(await desk.confirm())
        await asyncio.sleep(_PRESS_SECONDS)
    rate = _rate(sorted(desk.welcomed.values())[begun:bulk])
    off = abs(rate / _RATE - 1) * 100
    await desk.until(lambda: len(desk.welcomed) == bulk + len(waits))
    return [
        below("Confirm to welcome in a bulk run, ms, p95", Times.of(waits).p95, 500),
        Figure(f"messages a second at {_RATE}", rate, f"±{_UNSTEADY} %", off <= _UNSTEADY),
    ]


async def _idle(desk: _Desk, presses: int) -> Sequence[Figure]:
    waits = []
    for _ in range(presses):
        await asyncio.sleep(_PACE_SECONDS)
        waits.append(await desk.confirm())
    times = Times.of(waits)
    return [
        below("Confirm to welcome, ms, p50", times.p50, 20),
        below("Confirm to welcome, ms, p99", times.p99, 100),
    ]


async def _at_full_speed(desk: _Desk, messages: int) -> Sequence[Figure]:
    used, size = cpu_seconds(desk.process.pid), megabytes(desk.process)
    await desk.sql.execute(_BULK)
    await desk.until(lambda: len(desk.welcomed) == messages)
    rate = _rate(sorted(desk.welcomed.values()))
    cpu = (cpu_seconds(desk.process.pid) - used) / messages * 1000
    grown = (megabytes(desk.process) - size) * 1024 / messages
    return [
        Figure("messages a second, unlimited", rate, f"≥ {_FAST}", rate >= _FAST),
        Figure("CPU of a message, ms", cpu, "", kept=True),
        Figure("memory of a message, KB", grown, "", kept=True),
    ]


@asynccontextmanager
async def _running(stub: Stub, dsn: str, log: IO[bytes], *arguments: str) -> AsyncIterator[_Desk]:
    token = next(_TOKENS)
    variables = {
        "BOT_TOKEN": token,
        "ADMIN_IDS": str(_ADMIN),
        "DATABASE_URL": dsn,
        "TELEGRAM_API_URL": stub.url,
        "UNDO_SECONDS": "0",
        "ANNOUNCE_BOOKINGS": "false",
        "SEND_RATE": str(_RATE),
    }
    account = stub.account(token)
    sql = await asyncpg.connect(dsn)
    try:
        async with running("-m", *arguments, variables=variables, log=log) as process:
            desk = _Desk(process, account, sql)
            account.watch = desk.watch
            await asyncio.wait_for(account.ready.wait(), _PATIENCE)
            yield desk
    finally:
        await sql.close()


def _filling(bookings: int) -> Fill:
    return lambda sql: sql.execute(_BOOKINGS, bookings, _FIRST_STUDENT)


def _rate(moments: Sequence[float]) -> float:
    return (len(moments) - 1) / (moments[-1] - moments[0])
