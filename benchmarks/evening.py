"""An admin's evening: taps, many bookings at once, and how soon every screen is true again."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from benchmarks.databases import Databases, Fill
from benchmarks.processes import running
from benchmarks.reports import Figure, Section, below
from benchmarks.stub import Account, Call, Stub
from benchmarks.timing import Times
from benchmarks.updates import command, press
from tests.support.programs.reports import Table

_ADMINS: Final = range(1, 8)
_FIRST_STUDENT: Final = 1_000_000
_EVENING: Final = 12
_PATIENCE: Final = 60
_TOKENS: Final = (f"{n}:evening" for n in count(5001))
_PAUSE_SECONDS: Final = 0.05
"""Between two presses of the admin who works beside a bulk."""
_BOOKINGS: Final = """
    INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed, created_at)
    SELECT $2 + n, 'Student ' || n, 1, 'north', 1, now() - n * interval '1 minute'
      FROM generate_series(1, $1::bigint) AS n
"""


@dataclass(slots=True)
class _Phone:
    """The newest screen of one admin, whose presses it counts."""

    admin: int
    account: Account
    screen: Mapping[str, Any] = field(default_factory=dict)
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    taps: int = 0

    def draw(self, call: Call) -> None:
        known = call.parameters.get("message_id")
        self.screen = {
            "message_id": known or self.screen.get("message_id"),
            "text": call.parameters["text"],
            "reply_markup": call.parameters.get("reply_markup") or {"inline_keyboard": []},
        }
        self.drawn.set()

    async def writes(self, text: str) -> None:
        await self._act("message", command(self.admin, text))

    async def taps_on(self, label: str) -> float:
        """Press the first button whose label has these words; return the seconds to the screen."""
        self.taps += 1
        began = time.perf_counter()
        await self._act("callback_query", press(self.admin, self.screen, self._payload(label)))
        return time.perf_counter() - began

    async def until(self, fulfilled: Callable[[str], bool]) -> None:
        """Wait until the text of the screen is so."""
        async with asyncio.timeout(_PATIENCE):
            while not fulfilled(str(self.screen.get("text"))):
                self.drawn.clear()
                await self.drawn.wait()

    async def _act(self, kind: str, update: Mapping[str, Any]) -> None:
        self.drawn.clear()
        await self.account.give(kind, update)
        await asyncio.wait_for(self.drawn.wait(), _PATIENCE)

    def _payload(self, label: str) -> str:
        for row in self.screen["reply_markup"]["inline_keyboard"]:
            for button in row:
                if label in button["text"]:
                    return str(button["callback_data"])
        raise LookupError(f"no button {label!r} on {self.screen}")


async def measure(*, bulk: int, decisions: int) -> Section:
    """Work through an evening by lists and by review, then decide many at once."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
        log = stack.enter_context((directory / "log").open("wb"))
        stub = await stack.enter_async_context(Stub.serving())
        databases = await stack.enter_async_context(Databases.running({}))
        dsn = await databases.made(_filling(2 * _EVENING + decisions))
        async with _running(stub, dsn, log) as phones:
            figures = [*await _taps(phones[0]), await _copies(phones, decisions)]
        dsn = await databases.made(_filling(bulk))
        async with _running(stub, dsn, log) as phones:
            figures += await _bulk(phones, bulk)
    table = Table((" ", "measured", "goal", ""), [figure.cells for figure in figures])
    misses = [f"{figure.name}: {figure.value:.1f}" for figure in figures if not figure.kept]
    return Section(
        "An admin's evening", table, [{figure.name: figure.value} for figure in figures], misses
    )


async def _taps(phone: _Phone) -> Sequence[Figure]:
    """Confirm twelve bookings through the list, and twelve in a review."""
    await phone.writes("/pending")
    for _ in range(_EVENING):
        await phone.taps_on("Student")
        await phone.taps_on("Confirm")
        await phone.taps_on("Back to the list")
    through_list, phone.taps = phone.taps, 0
    await phone.writes("/review")
    for _ in range(_EVENING):
        await phone.taps_on("Confirm")
    return [
        Figure("taps for twelve bookings through the list", through_list, "", kept=True),
        below("taps for twelve bookings in a review", phone.taps, _EVENING + 1),
    ]


async def _copies(phones: Sequence[_Phone], decisions: int) -> Figure:
    """Decide bookings that all others have open; the copies are true when the last one is."""
    waits = []
    for _ in range(decisions):
        for phone in phones:
            await phone.writes("/pending")
            await phone.taps_on("Student")
        # What has been drawn is noted after the screen is there.
        await asyncio.sleep(_PAUSE_SECONDS)
        began = time.perf_counter()
        await phones[0].taps_on("Confirm")
        for phone in phones[1:]:
            await phone.until(lambda text: "Confirmed by" in text)
        waits.append(time.perf_counter() - began)
    name = f"decision to {len(phones) - 1} other copies, ms, p95"
    return below(name, Times.of(waits).p95, 2000)


async def _bulk(phones: Sequence[_Phone], bulk: int) -> Sequence[Figure]:
    """Confirm all at once while another admin opens cards and lists."""
    author, other = phones[:2]
    await author.writes("/pending")
    await author.taps_on("All…")
    await author.taps_on("Confirm")
    await other.writes("/bookings")
    began = time.perf_counter()
    beside = asyncio.create_task(_beside(other))
    await author.taps_on(f"Confirm {bulk}")
    await author.until(lambda text: "Done" in text)
    seconds = time.perf_counter() - began
    beside.cancel()
    waits = await beside
    return [
        below(f"a bulk of {bulk}, s", seconds, 10),
        below("presses beside it, ms, p95", Times.of(waits).p95, 300),
    ]


async def _beside(phone: _Phone) -> Sequence[float]:
    """Open cards and lists until cancelled; return the seconds of each press."""
    waits: list[float] = []
    try:
        while True:
            waits.append(await phone.taps_on("Student"))
            await asyncio.sleep(_PAUSE_SECONDS)
            waits.append(await phone.taps_on("Back to the list"))
            await asyncio.sleep(_PAUSE_SECONDS)
    except asyncio.CancelledError:
        return waits


@asynccontextmanager
async def _running(stub: Stub, dsn: str, log: IO[bytes]) -> AsyncIterator[Sequence[_Phone]]:
    token = next(_TOKENS)
    variables = {
        "BOT_TOKEN": token,
        "ADMIN_IDS": " ".join(map(str, _ADMINS)),
        "DATABASE_URL": dsn,
        "TELEGRAM_API_URL": stub.url,
        "UNDO_SECONDS": "0",
    }
    account = stub.account(token)
    phones = {admin: _Phone(admin, account) for admin in _ADMINS}
    account.watch = lambda call: _show(phones, call)
    async with running("-m", "bot", "run", variables=variables, log=log):
        await asyncio.wait_for(account.ready.wait(), _PATIENCE)
        yield list(phones.values())


def _show(phones: Mapping[int, _Phone], call: Call) -> None:
    if call.method in {"sendMessage", "editMessageText"} and call.chat_id in phones:
        phones[call.chat_id].draw(call)


def _filling(bookings: int) -> Fill:
    return lambda sql: sql.execute(_BOOKINGS, bookings, _FIRST_STUDENT)
