"""An admin's evening: taps, many bookings at once, and how soon every screen is true again."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.evening.importing import measure_import
from benchmarks.evening.phones import PAUSE_SECONDS, Phone, beside, running_desk
from benchmarks.support.databases import Databases, Fill
from benchmarks.support.reports import Figure, Section, below
from benchmarks.support.stub import Stub
from benchmarks.support.timing import Times
from tests.support.programs.reports import Table

_FIRST_STUDENT: Final = 1_000_000
_EVENING: Final = 12
_BOOKINGS: Final = """
    INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed, created_at)
    SELECT $2 + n, 'Student ' || n, 1, 'north', 1, now() - n * interval '1 minute'
      FROM generate_series(1, $1::bigint) AS n
"""


async def measure(*, bulk: int, decisions: int, rows: int) -> Section:
    """Work through an evening by lists and by review, then decide many at once."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        log = stack.enter_context((directory / "log").open("wb"))
        stub = await stack.enter_async_context(Stub.serving())
        databases = await stack.enter_async_context(Databases.running({}))
        dsn = await databases.made(_filling(2 * _EVENING + decisions))
        async with running_desk(stub, dsn, log) as phones:
            figures = [*await _taps(phones[0]), await _copies(phones, decisions)]
        dsn = await databases.made(_filling(bulk))
        async with running_desk(stub, dsn, log) as phones:
            figures += await _bulk(phones, bulk)
        dsn = await databases.made(_filling(bulk))
        async with running_desk(stub, dsn, log) as phones:
            figures += await measure_import(phones, rows)
    table = Table((" ", "measured", "goal", ""), [figure.cells for figure in figures])
    misses = [f"{figure.name}: {figure.value:.1f}" for figure in figures if not figure.kept]
    return Section(
        "An admin's evening", table, [{figure.name: figure.value} for figure in figures], misses
    )


async def _taps(phone: Phone) -> Sequence[Figure]:
    """Confirm twelve bookings through the list, and twelve in a review."""
    await phone.writes("/pending")
    for _ in range(_EVENING):
        await phone.taps_on("Student")
        await phone.taps_on("Confirm")
        await phone.taps_on("‹")
    through_list, phone.taps = phone.taps, 0
    await phone.writes("/review")
    for _ in range(_EVENING):
        await phone.taps_on("Confirm")
    return [
        Figure("taps for twelve bookings through the list", through_list, "", kept=True),
        below("taps for twelve bookings in a review", phone.taps, _EVENING + 1),
    ]


async def _copies(phones: Sequence[Phone], decisions: int) -> Figure:
    """Decide bookings that all others have open; the copies are true when the last one is."""
    waits = []
    for _ in range(decisions):
        for phone in phones:
            await phone.writes("/pending")
            await phone.taps_on("Student")
        # What has been drawn is noted after the screen is there.
        await asyncio.sleep(PAUSE_SECONDS)
        began = time.perf_counter()
        await phones[0].taps_on("Confirm")
        for phone in phones[1:]:
            await phone.until(lambda text: "Confirmed by" in text)
        waits.append(time.perf_counter() - began)
    name = f"decision to {len(phones) - 1} other copies, ms, p95"
    return below(name, Times.of(waits).p95, 2000)


async def _bulk(phones: Sequence[Phone], bulk: int) -> Sequence[Figure]:
    """Confirm all at once while another admin opens cards and lists."""
    author, other = phones[:2]
    await author.writes("/pending")
    await author.taps_on("All…")
    await author.taps_on("Confirm")
    await other.writes("/bookings")
    began = time.perf_counter()
    busy = asyncio.create_task(beside(other))
    await author.taps_on(f"Confirm {bulk}")
    await author.until(lambda text: "Done" in text)
    seconds = time.perf_counter() - began
    busy.cancel()
    waits = await busy
    return [
        below(f"a bulk of {bulk}, s", seconds, 10),
        below("presses beside it, ms, p95", Times.of(waits).p95, 300),
    ]


def _filling(bookings: int) -> Fill:
    return lambda sql: sql.execute(_BOOKINGS, bookings, _FIRST_STUDENT)
