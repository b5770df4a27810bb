"""The bookings that everybody lists, and the Bot API at which bots list them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final, Self

import asyncpg

from benchmarks.databases import Databases, Fill
from benchmarks.peers.list_bot import ADMIN, ListBot
from benchmarks.processes import running
from benchmarks.schools import filling
from benchmarks.stub import Stub
from db.database import Database

UNINDEXED: Final = "old_bookings"
"""The same bookings as in a school's own table, which has no index that helps to list them."""
_PATIENCE: Final = 60
_TOKENS: Final = (f"{n}:bench" for n in count(5001))
#: The index is the peers'; the desk has its own.
_TABLES: Final = f"""
    CREATE INDEX ON bookings (created_at, id);
    CREATE TABLE {UNINDEXED} AS SELECT * FROM bookings;
"""


@dataclass(frozen=True, slots=True)
class School:
    """A school's database, and where its bots work."""

    bookings: int
    dsn: str
    _stub: Stub
    _log: IO[bytes]

    @classmethod
    @asynccontextmanager
    async def opened(cls, bookings: int) -> AsyncIterator[Self]:
        async with AsyncExitStack() as stack:
            directory = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
            log = stack.enter_context((directory / "log").open("wb"))
            stub = await stack.enter_async_context(Stub.serving())
            databases = await stack.enter_async_context(Databases.running())
            dsn = await databases.made(_filling(bookings))
            async with Database.connect(dsn, connections=1) as db, db.transaction() as uow:
                await uow.counts.fold()
            yield cls(bookings, dsn, stub, log)

    @asynccontextmanager
    async def bot(self, *program: str) -> AsyncIterator[ListBot]:
        """Run a program that takes its settings as the desk does, and polls."""
        token = next(_TOKENS)
        variables = {
            "BOT_TOKEN": token,
            "ADMIN_IDS": str(ADMIN),
            "DATABASE_URL": self.dsn,
            "TELEGRAM_API_URL": self._stub.url,
        }
        account = self._stub.account(token)
        async with running("-m", *program, variables=variables, log=self._log) as process:
            await asyncio.wait_for(account.ready.wait(), _PATIENCE)
            bot = ListBot(process, account)
            await bot.open()
            yield bot


def _filling(bookings: int) -> Fill:
    async def fill(sql: asyncpg.Connection) -> None:
        await filling(bookings)(sql)
        # The desk would try again meanwhile, and the dialogs would not.
        await sql.execute("DELETE FROM booking_desk.outbox WHERE state = 'waiting'")
        await sql.execute(_TABLES)

    return fill
