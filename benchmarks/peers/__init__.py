"""What a school would use instead, on the same bookings."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from typing import Final
from zoneinfo import ZoneInfo

import asyncpg

from benchmarks.databases import Databases
from benchmarks.reports import Section, Table
from benchmarks.timing import Operation, by_turns
from bot.i18n import Translators
from bot.services.paging import read_list
from bot.texts.bookings import booking_list as text
from db.database import Database
from db.models import Edge, Place
from keyboards.bookings import booking_list as markup

_BOOKINGS: Final = """
    INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed, created_at)
    SELECT n, 'Student ' || n, 1 + n % 5, 'stream ' || n % 7, n % 3,
           now() - n * interval '1 minute'
      FROM generate_series(1, $1::bigint) AS n
"""
#: What the school's dashboard asked, on a table that has no index for it.
_NEWEST: Final = "SELECT * FROM old_bookings ORDER BY created_at DESC LIMIT 20"
_SKIPPED: Final = "not measured: to install Django, run uv sync --group peers"
_PEERS: Final = ("django", "psycopg")


async def measure(*, bookings: int, rounds: int) -> Section:
    """Ask everybody for the same pages, by turns."""
    title = f"What a school would use instead, with {bookings:,} bookings"
    if not all(map(find_spec, _PEERS)):
        return Section(title, Table((_SKIPPED,), []), [])
    async with AsyncExitStack() as stack:
        databases = await stack.enter_async_context(Databases.running())
        dsn = await databases.made(lambda sql: sql.execute(_BOOKINGS, bookings))
        db = await stack.enter_async_context(Database.connect(dsn))
        async with db.transaction() as uow:
            await uow.counts.fold()
        old = await asyncpg.connect(dsn)
        stack.push_async_callback(old.close)
        await old.execute("CREATE TABLE old_bookings AS SELECT * FROM bookings")
        asked = {
            **_ours(db),
            "the old dashboard: the newest": lambda: old.fetch(_NEWEST),
            **await _django(stack, dsn, bookings),
        }
        times = await by_turns(asked, rounds)
    rows = [(name, f"{each.p50:.1f}", f"{each.p99:.1f}") for name, each in times.items()]
    return Section(title, Table((" ", "ms, p50", "ms, p99"), rows), [])


def _ours(db: Database) -> Mapping[str, Operation]:
    t = Translators(default="en", timezone=ZoneInfo("UTC")).default

    async def page(place: Place) -> None:
        async with db.snapshot() as uow:
            shown = await read_list(uow, place)
        text(t, shown)
        markup(t, shown, datetime.now(UTC)).model_dump_json()

    return {
        "the desk: page 1": partial(page, Place(status=None)),
        "the desk: the last page": partial(page, Place(status=None, edge=Edge.LAST)),
    }


async def _django(stack: AsyncExitStack, dsn: str, bookings: int) -> Mapping[str, Operation]:
    """Django works in a thread of its own: it refuses to block an event loop."""
    from benchmarks.peers.django_admin import set_up  # noqa: PLC0415

    thread = stack.enter_context(ThreadPoolExecutor(max_workers=1))
    loop = asyncio.get_running_loop()

    def in_thread(ask: Callable[[], None]) -> Operation:
        return lambda: loop.run_in_executor(thread, ask)

    starting = partial(set_up, dsn, bookings=bookings, name=f"Student {bookings // 2}")
    asked = await loop.run_in_executor(thread, starting)
    return {f"Django admin: {name}": in_thread(ask) for name, ask in asked.items()}
