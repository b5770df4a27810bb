"""The cost of the desk for other programs that write bookings: the student bot, a dashboard."""

from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from itertools import count
from statistics import median
from time import perf_counter
from typing import Final

from asyncpg.prepared_stmt import PreparedStatement

from benchmarks.schools.filling import filled
from benchmarks.support.databases import Databases
from benchmarks.support.reports import Section
from tests.support.databases import connected
from tests.support.programs.reports import Table

_NOTE: Final = "Nothing waits for the disk here."
_AT_ONCE: Final = 250
_ROUNDS: Final = 15
_WRITES: Final = {
    "inserts": """
        INSERT INTO bookings (user_id, first_name, username, course_id, course_stream, confirmed,
                              referral_code)
        VALUES (1e9 + $1::bigint, 'Anna ' || $1::bigint, 'anna_' || $1::bigint, 1, 'stream 1', 0,
                'FRIEND10')
    """,
    "updates": "UPDATE bookings SET confirmed = 1 - confirmed WHERE id = $1",
}
_NO_INDEXES: Final = """
    DO $$
    DECLARE
        name text;
    BEGIN
        FOR name IN SELECT indexrelid::regclass FROM pg_index
                     WHERE indrelid = 'bookings'::regclass AND NOT indisprimary LOOP
            EXECUTE 'DROP INDEX ' || name;
        END LOOP;
    END
    $$
"""
_NO_TRIGGERS: Final = "ALTER TABLE bookings DISABLE TRIGGER USER"
_SCHOOLS: Final[Mapping[str, str]] = {
    "without the desk": f"{_NO_INDEXES}; {_NO_TRIGGERS}",
    "with its triggers": _NO_INDEXES,
    "with triggers and indexes": "",
}


async def measure(*, size: int) -> Section:
    """Write single bookings to schools of this size, by turns."""
    async with Databases.running() as databases, AsyncExitStack() as stack:
        school = await filled(databases, size)
        copies = [await databases.copied(school) for _ in _SCHOOLS]
        schools = [await stack.enter_async_context(connected(copy)) for copy in copies]
        for sql, change in zip(schools, _SCHOOLS.values(), strict=True):
            if change:
                await sql.execute(change)
        rates = {
            name: await _rates([await school.prepare(sql) for school in schools])
            for name, sql in _WRITES.items()
        }
    rows = [
        (name, f"{bare:,.0f}", *(f"{rate / bare:.2f}" for rate in others))
        for name, (bare, *others) in rates.items()
    ]
    figures = [
        {"name": name, **dict(zip(_SCHOOLS, of_schools, strict=True))}
        for name, of_schools in rates.items()
    ]
    title = f"Single writes among {size:,} bookings, a second, and the share of them that is left"
    return Section(title, Table((" ", *_SCHOOLS), rows), figures, note=_NOTE)


async def _rates(writes: list[PreparedStatement]) -> list[float]:
    """Return the writes a second of each school, at the median of the rounds."""
    numbers = [count(1) for _ in writes]
    rates: list[list[float]] = [[] for _ in writes]
    for _ in range(_ROUNDS):
        for write, number, rate in zip(writes, numbers, rates, strict=True):
            rate.append(await _rate(write, number))
    return list(map(median, rates))


async def _rate(write: PreparedStatement, numbers: Iterator[int]) -> float:
    began = perf_counter()
    for _ in range(_AT_ONCE):
        await write.fetch(next(numbers))
    return _AT_ONCE / (perf_counter() - began)
