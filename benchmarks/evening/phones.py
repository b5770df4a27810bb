"""Admins with phones, who press what the real desk has drawn."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import IO, Any, Final

from benchmarks.support.processes import running
from benchmarks.support.stub import Account, Call, Stub
from benchmarks.support.updates import command, press

ADMINS: Final = range(1, 8)
_PATIENCE: Final = 180
_TOKENS: Final = (f"{n}:evening" for n in count(5001))
PAUSE_SECONDS: Final = 0.05
"""Between two presses of the admin who works beside others."""


@dataclass(slots=True)
class Phone:
    """The newest screen of one admin, whose presses it counts."""

    admin: int
    account: Account
    screen: Mapping[str, Any] = field(default_factory=dict)
    drawn: asyncio.Event = field(default_factory=asyncio.Event)
    taps: int = 0

    def draw(self, call: Call) -> None:
        if call.message_id < self.screen.get("message_id", 0):
            # An older message, which is kept true.
            return
        self.screen = {
            "message_id": call.message_id,
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


async def beside(phone: Phone) -> Sequence[float]:
    """Open cards and lists until cancelled; return the seconds of each press."""
    waits: list[float] = []
    try:
        while True:
            waits.append(await phone.taps_on("Student"))
            await asyncio.sleep(PAUSE_SECONDS)
            waits.append(await phone.taps_on("‹"))
            await asyncio.sleep(PAUSE_SECONDS)
    except asyncio.CancelledError:
        return waits


@asynccontextmanager
async def running_desk(stub: Stub, dsn: str, log: IO[bytes]) -> AsyncIterator[Sequence[Phone]]:
    token = next(_TOKENS)
    variables = {
        "BOT_TOKEN": token,
        "ADMIN_IDS": " ".join(map(str, ADMINS)),
        "DATABASE_URL": dsn,
        "TELEGRAM_API_URL": stub.url,
        "UNDO_SECONDS": "0",
        "ANNOUNCE_BOOKINGS": "false",
    }
    account = stub.account(token)
    phones = {admin: Phone(admin, account) for admin in ADMINS}
    account.watch = lambda call: _show(phones, call)
    async with running("-m", "bot", "run", variables=variables, log=log):
        await asyncio.wait_for(account.ready.wait(), _PATIENCE)
        yield list(phones.values())


def _show(phones: Mapping[int, Phone], call: Call) -> None:
    if call.method in {"sendMessage", "editMessageText"} and call.chat_id in phones:
        phones[call.chat_id].draw(call)
