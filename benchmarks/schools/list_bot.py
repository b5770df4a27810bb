"""A bot that shows lists: the presses of its buttons, the times of its answers, and its CPU."""

import asyncio
import json
from asyncio.subprocess import Process
from collections.abc import Set
from typing import Final, Self

from benchmarks.support.processes import cpu_seconds
from benchmarks.support.stub import Account, Call
from benchmarks.support.updates import Json, command, press

ADMIN: Final = 1
_PATIENCE: Final = 60
_EDIT: Final = "editMessageText"


class ListBot:
    """A running program, and the list that an admin has open."""

    def __init__(self, process: Process, account: Account) -> None:
        self._process = process
        self._account = account
        self._awaited: Set[str] = set()
        self._calls: dict[str, Call] = {}
        self._answered = asyncio.Event()
        self._screen: Json = {}
        self.cpu = 0.0
        """CPU seconds that its answers took."""
        account.watch = self._watch

    @classmethod
    async def opened(cls, process: Process, account: Account) -> Self:
        """Open the list as the admin, and check that its buttons work."""
        bot = cls(process, account)
        message = (await bot.write("/bookings")).parameters
        bot._screen = {"text": message["text"], "reply_markup": _read(message["reply_markup"])}
        if await bot.press(bot.first_page) == await bot.press(bot.last_page):
            raise RuntimeError("the last page is the first")
        return bot

    @property
    def first_page(self) -> str:
        """The payload of the button for the first page, in the last row of the keyboard."""
        return self._turns[0]

    @property
    def last_page(self) -> str:
        return self._turns[-1]

    @property
    def _turns(self) -> list[str]:
        return [
            button["callback_data"]
            for button in self._screen["reply_markup"]["inline_keyboard"][-1]
        ]

    async def write(self, text: str) -> Call:
        """Send the admin's text; return the call of the answer."""
        event = command(ADMIN, text)
        return (await self._ask("message", event, {"sendMessage"}))["sendMessage"]

    async def press(self, data: str) -> Json:
        """Press a button; return the keyboard of its page after the spinner has ended."""
        event = press(ADMIN, self._screen, data)
        calls = await self._ask("callback_query", event, {_EDIT, "answerCallbackQuery"})
        return _read(calls[_EDIT].parameters["reply_markup"])

    async def _ask(self, kind: str, event: Json, awaited: Set[str]) -> dict[str, Call]:
        self._awaited, self._calls = awaited, {}
        self._answered.clear()
        used = cpu_seconds(self._process.pid)
        await self._account.give(kind, event)
        await asyncio.wait_for(self._answered.wait(), _PATIENCE)
        self.cpu += cpu_seconds(self._process.pid) - used
        return self._calls

    def _watch(self, call: Call) -> None:
        self._calls[call.method] = call
        if self._awaited <= self._calls.keys():
            self._answered.set()


def _read(markup: str | Json) -> Json:
    """Return the keyboard; some programs send it as text."""
    read: Json = json.loads(markup) if isinstance(markup, str) else markup
    return read
