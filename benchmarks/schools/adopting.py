"""How long a school's programs wait for the desk's first start on their database."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from time import perf_counter
from typing import Final

import asyncpg

from benchmarks.schools.filling import book
from benchmarks.support.databases import Databases
from benchmarks.support.reports import Section
from db.database import Database
from tests.support.databases import connected
from tests.support.programs.reports import Table

_MOST: Final = {"nobody": 1.0, "an idle transaction": 2.0}
"""Seconds that a statement may take, by who is in the way of the start."""
_IDLE_SECONDS: Final = 5
_EVERY_SECONDS: Final = 0.02
_PROGRAMS: Final = {
    "insert": "INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed)"
    " VALUES (1, 'Anna', 1, 'stream 1', 0)",
    "update": "UPDATE bookings SET confirmed = 1 - confirmed WHERE id = 10",
    "read": "SELECT * FROM bookings WHERE id = 20",
}


async def measure(*, size: int) -> Section:
    """Start the desk for the first time while programs read and write every 20 ms."""
    rows, figures, misses = [], [], []
    async with Databases.running() as databases:
        school = await databases.empty(lambda sql: book(sql, size))
        for obstacle, most in _MOST.items():
            took, longest = await _started(await databases.copied(school), obstacle)
            rows.append((obstacle, f"{took:.1f}", *(f"{longest[name]:.2f}" for name in _PROGRAMS)))
            figures.append({"name": obstacle, "start": took, **longest})
            misses += [
                f"{name}, {obstacle} in the way: {seconds:.2f} seconds"
                for name, seconds in longest.items()
                if seconds > most
            ]
    title = f"The first start among {size:,} bookings, and the longest waits beside it, seconds"
    return Section(title, Table(("in the way", "start", *_PROGRAMS), rows), figures, misses)


async def _started(dsn: str, obstacle: str) -> tuple[float, Mapping[str, float]]:
    """Return the seconds of the start, and of the longest statement of each program."""
    longest = dict.fromkeys(_PROGRAMS, 0.0)
    async with AsyncExitStack() as stack:
        programs = [
            asyncio.create_task(
                _program(await stack.enter_async_context(connected(dsn)), name, longest)
            )
            for name in _PROGRAMS
        ]
        idle = await stack.enter_async_context(connected(dsn))
        if obstacle != "nobody":
            await idle.execute("BEGIN; SELECT FROM bookings LIMIT 1")
            programs.append(asyncio.create_task(_end(idle)))
        began = perf_counter()
        async with Database.connect(dsn, connections=2) as db:
            await db.migrate()
        took = perf_counter() - began
        for program in programs:
            program.cancel()
            with suppress(asyncio.CancelledError):
                await program
    return took, longest


async def _program(sql: asyncpg.Connection, name: str, longest: dict[str, float]) -> None:
    while True:
        began = perf_counter()
        await sql.execute(_PROGRAMS[name])
        longest[name] = max(longest[name], perf_counter() - began)
        await asyncio.sleep(_EVERY_SECONDS)


async def _end(idle: asyncpg.Connection) -> None:
    await asyncio.sleep(_IDLE_SECONDS)
    await idle.execute("COMMIT")
