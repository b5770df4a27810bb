"""What the desk costs whoever else writes bookings: the student bot, a dashboard."""

from collections.abc import Iterator, Sequence
from itertools import count
from statistics import median
from time import perf_counter
from typing import Final

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from benchmarks.databases import Databases
from benchmarks.reports import Section, Table
from benchmarks.schools import filling

_ROUND: Final = 500
_ROUNDS: Final = 9
_INSERT: Final = """
    INSERT INTO bookings (user_id, first_name, username, course_id, course_stream, confirmed,
                          referral_code)
    VALUES ($1::bigint, 'Anna ' || $1::bigint, 'anna_' || $1::bigint, 1, 'stream 1', 0, 'FRIEND10')
"""
_UPDATE: Final = "UPDATE bookings SET confirmed = 1 - confirmed WHERE id = $1"
_INDEXES: Final = """
    SELECT indexrelid::regclass::text AS name
      FROM pg_index
     WHERE indrelid = 'bookings'::regclass AND indexrelid::regclass::text LIKE 'booking_desk_%'
"""


async def measure(*, size: int) -> Section:
    """Write to a school of `size` bookings: with everything, without indexes, without anything."""
    async with Databases.running() as databases, databases.filled(filling(size)) as (_, sql):
        everything = await _rates(sql)
        for index in await sql.fetch(_INDEXES):
            await sql.execute(f"DROP INDEX {index['name']}")
        triggers_alone = await _rates(sql)
        await sql.execute("ALTER TABLE bookings DISABLE TRIGGER USER")
        nothing = await _rates(sql)
    rows = [
        (name, f"{bare:,.0f}", f"{triggers / bare:.2f}", f"{both / bare:.2f}")
        for name, bare, triggers, both in zip(
            ("inserts", "updates"), nothing, triggers_alone, everything, strict=True
        )
    ]
    title = f"Writing one booking at a time among {size:,}, a second, and the share that is left"
    columns = (" ", "without the desk", "with its triggers", "with triggers and indexes")
    return Section(title, Table(columns, rows), [])


async def _rates(sql: asyncpg.Connection) -> Sequence[float]:
    """Return inserts and updates a second, at the median of some rounds."""
    people, ids = count(10**9 + await sql.fetchval("SELECT max(id) FROM bookings")), count(1)
    insert, update = await sql.prepare(_INSERT), await sql.prepare(_UPDATE)
    return [
        median([await _rate(insert, people) for _ in range(_ROUNDS)]),
        median([await _rate(update, ids) for _ in range(_ROUNDS)]),
    ]


async def _rate(write: PreparedStatement, numbers: Iterator[int]) -> float:
    began = perf_counter()
    for _ in range(_ROUND):
        await write.fetch(next(numbers))
    return _ROUND / (perf_counter() - began)
