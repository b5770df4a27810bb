"""A file of bookings that is read, added and taken back while another admin works."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from benchmarks.evening.phones import Phone, beside
from benchmarks.support.reports import Figure, below
from benchmarks.support.timing import Times
from benchmarks.support.updates import document

_FIRST: Final = 5_000_000
_ROW: Final = "{},Student {},@student_{},Course {},autumn,pending,31.12.2025 10:00,FRIEND10,10\n"


async def measure_import(phones: Sequence[Phone], rows: int) -> Sequence[Figure]:
    """Import a file of so many rows, and take it back."""
    author, other = phones[:2]
    header = "telegram id,name,username,course,stream,status,date,code,discount\n"
    lines = (_ROW.format(_FIRST + n, n, n, n % 20) for n in range(rows))
    author.account.file = (header + "".join(lines)).encode()
    await other.writes("/bookings")
    busy = asyncio.create_task(beside(other))
    began = time.perf_counter()
    await author.account.give("message", document(author.admin, len(author.account.file)))
    await author.until(lambda text: f"{rows} bookings can be added" in text)
    read = time.perf_counter()
    await author.taps_on(f"Add {rows}")
    await author.until(lambda text: "Done" in text)
    added = time.perf_counter()
    await author.taps_on(f"Take {rows} back")
    await author.until(lambda text: "Taken back" in text)
    gone = time.perf_counter()
    busy.cancel()
    waits = await busy
    return [
        Figure(f"a file of {rows} rows, read, s", read - began, "", kept=True),
        below(f"a file of {rows} rows, read and added, s", added - began, 20),
        Figure("all of it taken back, s", gone - added, "", kept=True),
        below("presses beside an import, ms, p95", Times.of(waits).p95, 300),
    ]
