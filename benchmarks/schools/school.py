"""A school's database, and the Bot API of the bots that list its bookings."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

from benchmarks.schools.filling import filled
from benchmarks.schools.list_bot import ADMIN, ListBot
from benchmarks.support.databases import Databases
from benchmarks.support.processes import running
from benchmarks.support.stub import Stub

_PATIENCE: Final = 60
_TOKENS: Final = (f"{n}:bench" for n in count(5001))


@dataclass(frozen=True, slots=True)
class School:
    """A school with this number of bookings, and the addresses that its bots use."""

    bookings: int
    dsn: str
    _stub: Stub
    _log: IO[bytes]

    @asynccontextmanager
    async def bot(self, *program: str) -> AsyncIterator[ListBot]:
        """Run a program that has the desk's settings, and polls."""
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
            yield await ListBot.opened(process, account)


@asynccontextmanager
async def opened(sizes: Iterable[int]) -> AsyncIterator[Sequence[School]]:
    """Open schools of these sizes, filled at the same time, each on one core of PostgreSQL."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        log = stack.enter_context((directory / "log").open("wb"))
        stub = await stack.enter_async_context(Stub.serving())
        databases = await stack.enter_async_context(Databases.running())
        async with asyncio.TaskGroup() as tasks:
            filling = {size: tasks.create_task(filled(databases, size)) for size in sizes}
        yield [School(size, task.result(), stub, log) for size, task in filling.items()]
