"""The contenders, which run at the same time, each with its own database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

from benchmarks.pipeline.contender import ADMINS, Contender, Student
from benchmarks.pipeline.recording import FRESH, statements
from benchmarks.pipeline.script import Screen, Script, Work
from benchmarks.support.databases import Databases
from benchmarks.support.processes import running
from benchmarks.support.stub import SECRET, Stub
from bot.views.lists import Origin, Tab
from db.models.bookings import BookingAction, BookingStatus
from keyboards.payloads.bookings import CardButton, DecisionButton
from tests.support.programs.processes import free_port


class Program(StrEnum):
    """The programs that are compared."""

    DESK = "the desk"
    MEASURED = "the desk, with metrics"
    BARE = "bare aiogram"
    FLOOR = "aiohttp and asyncpg"


class Mode(StrEnum):
    """The way in which a program gets updates."""

    POLLING = "polling"
    WEBHOOK = "webhook"


_OTHERS: Final = {
    Program.BARE: "benchmarks.pipeline.bare_aiogram",
    Program.FLOOR: "benchmarks.pipeline.bare_http",
}
_PATIENCE: Final = 60
_GRACE: Final = timedelta(hours=1)
"""So long that no welcome leaves, because its cost would count as part of an update."""
_FIRST_STUDENT: Final = 1_000_000
_UPDATE: Final = 10**9
"""A number that no real update has."""
_TOKENS: Final = (f"{n}:bench" for n in count(3001))
_PENDING: Final = Origin(Tab(BookingStatus.PENDING))
_BOOKINGS: Final = """
    INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed, created_at)
    SELECT $2 + n, 'Student ' || n, 1 + n % 5, 'stream ' || n % 7,
           CASE n % 5 WHEN 0 THEN 2 ELSE 1 END, now() - n * interval '5 minutes'
      FROM generate_series(1, $1::bigint) AS n
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A program and its mode."""

    program: Program
    mode: Mode


@dataclass(frozen=True, slots=True)
class Field:
    """The contenders, and the script that all of them follow."""

    script: Script
    contenders: Mapping[Entry, Contender]

    @classmethod
    @asynccontextmanager
    async def entered(cls, modes: Iterable[Mode], *, bookings: int) -> AsyncIterator[Self]:
        """Start all contenders, the desk first, because the others follow its script."""
        async with _Ground.laid(bookings) as ground:
            contenders: dict[Entry, Contender] = {}
            for mode in modes:
                contenders[Entry(Program.DESK, mode)] = await ground.desk(mode)
                measured = await ground.desk(mode, METRICS_TOKEN=SECRET)
                contenders[Entry(Program.MEASURED, mode)] = measured
            desk = next(iter(contenders.values()))
            script = await ground.script(await desk.rehearse())
            for mode in modes:
                for program, module in _OTHERS.items():
                    contenders[Entry(program, mode)] = await ground.other(module, mode)
            yield cls(script, contenders)


class _Ground:
    """A PostgreSQL with its default settings, also fsync, and a Bot API, without programs."""

    def __init__(
        self,
        stub: Stub,
        databases: Databases,
        directory: Path,
        stack: AsyncExitStack,
        *,
        bookings: int,
    ) -> None:
        self._stub = stub
        self._databases = databases
        self._stack = stack
        self._bookings = bookings
        self._script = directory / "script"
        self._log = stack.enter_context((directory / "log").open("wb"))

    @classmethod
    @asynccontextmanager
    async def laid(cls, bookings: int) -> AsyncIterator[Self]:
        async with AsyncExitStack() as stack:
            directory = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
            stub = await stack.enter_async_context(Stub.serving())
            databases = await stack.enter_async_context(Databases.running({}))
            yield cls(stub, databases, directory, stack, bookings=bookings)

    async def desk(self, mode: Mode, **more: str) -> Contender:
        token, port = next(_TOKENS), str(free_port())
        webhook = {
            "WEBHOOK_URL": f"http://127.0.0.1:{port}",
            "WEBHOOK_SECRET": SECRET,
        }
        variables = {
            "BOT_TOKEN": token,
            "ADMIN_IDS": " ".join(map(str, ADMINS)),
            "DATABASE_URL": await self._database(),
            "TELEGRAM_API_URL": self._stub.url,
            "UNDO_SECONDS": str(_GRACE // timedelta(seconds=1)),
            "ANNOUNCE_BOOKINGS": "false",
            "HTTP_PORT": port,
            **(webhook if mode is Mode.WEBHOOK else {}),
            **more,
        }
        return await self._start(token, _payload, "bot", "run", variables=variables)

    async def other(self, module: str, mode: Mode) -> Contender:
        token = next(_TOKENS)
        port = [str(free_port())] if mode is Mode.WEBHOOK else []
        return await self._start(
            token,
            _plain_payload,
            *(module, token, self._stub.url, str(self._script), *port),
            variables={"DATABASE_URL": await self._database()},
        )

    async def script(self, screens: Mapping[Work, Screen]) -> Script:
        """Write the script that the other programs follow."""
        last = Student(id=_FIRST_STUDENT + self._bookings - 1, booking=self._bookings - 1)
        sql = await statements(await self._database(), last, _UPDATE, _GRACE)
        script = Script(
            screens=screens, sql=sql, booking=last.booking, student=last.id, update=_UPDATE
        )
        script.write(self._script)
        return script

    async def _start(
        self,
        token: str,
        payload: Callable[[Work, Student], str],
        *arguments: str,
        variables: Mapping[str, str],
    ) -> Contender:
        account = self._stub.account(token)
        process = await self._stack.enter_async_context(
            running("-m", *arguments, variables=variables, log=self._log)
        )
        await asyncio.wait_for(account.ready.wait(), _PATIENCE)
        return Contender(process, account, _students(), payload)

    async def _database(self) -> str:
        return await self._databases.made(
            lambda sql: sql.execute(_BOOKINGS, self._bookings, _FIRST_STUDENT)
        )


def _students() -> Iterator[Student]:
    """Yield the students with pending bookings; see `_BOOKINGS`."""
    return (Student(id=_FIRST_STUDENT + n, booking=n) for n in count(1) if n % 5)


def _payload(work: Work, student: Student) -> str:
    if work is Work.CARD:
        return CardButton.of(_PENDING, booking=student.booking)
    return DecisionButton.of(
        _PENDING, booking=student.booking, revision=FRESH, action=BookingAction.CONFIRM
    )


def _plain_payload(work: Work, student: Student) -> str:
    return f"press:{work}:{student.booking}:{student.id}"
