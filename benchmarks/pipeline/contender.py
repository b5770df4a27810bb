"""One measured program: the updates it gets, the times of its answers, and its CPU."""

import asyncio
import json
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.pipeline.script import Screen, Work
from benchmarks.support.processes import cpu_seconds
from benchmarks.support.stub import Account, Call
from benchmarks.support.updates import command, press

ADMINS: Final = range(1, 5)
"""The admins; each has one update under way."""
_PATIENCE: Final = 20
_ANSWERS: Final = {
    Work.LIST: "sendMessage",
    Work.CARD: "editMessageText",
    Work.CONFIRM: "editMessageText",
}
"""The calls that an admin waits for."""


@dataclass(frozen=True, slots=True)
class Student:
    """A student with a pending booking."""

    id: int
    booking: int


@dataclass(slots=True)
class Cost:
    """The cost of the updates of one turn."""

    updates: int
    seconds: float = 0.0
    cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    """Seconds."""

    @property
    def cpu_per_update(self) -> float:
        """The CPU of one update, in milliseconds."""
        return self.cpu / self.updates * 1000


class Contender:
    """A running program that is measured."""

    def __init__(
        self,
        process: Process,
        account: Account,
        students: Iterator[Student],
        payload: Callable[[Work, Student], str],
    ) -> None:
        """Take the students that it may confirm, and a function for its buttons' payloads."""
        self._process = process
        self._account = account
        self._students = students
        self._payload = payload
        self._waiting: dict[int, tuple[str, asyncio.Future[Call]]] = {}
        self._toast: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        account.watch = self._watch

    async def rehearse(self) -> Mapping[Work, Screen]:
        """Do each work once; return the screens."""
        screens: dict[Work, Screen] = {}
        for work in Work:
            call = await self._ask(work, ADMINS[0], screens.get(Work.LIST, {}))
            message = call.parameters
            screens[work] = {"text": message["text"], "reply_markup": _markup(message)}
        # The toast is sent at the same time, and may arrive second.
        toast = await asyncio.wait_for(self._toast, _PATIENCE)
        return {**screens, Work.CONFIRM: {**screens[Work.CONFIRM], "toast": toast}}

    async def play(self, work: Work, updates: int, screens: Mapping[Work, Screen]) -> Cost:
        """Let all admins ask for the work again and again without pauses."""
        left, cost = iter(range(updates)), Cost(updates)
        screen = screens[Work.CARD if work is Work.CONFIRM else Work.LIST]

        async def ask_all(admin: int) -> None:
            for _ in left:
                began = time.perf_counter()
                call = await self._ask(work, admin, screen)
                cost.latencies.append(call.at - began)

        began, used = time.perf_counter(), cpu_seconds(self._process.pid)
        async with asyncio.TaskGroup() as tasks:
            for admin in ADMINS:
                tasks.create_task(ask_all(admin))
        cost.seconds = time.perf_counter() - began
        cost.cpu = cpu_seconds(self._process.pid) - used
        return cost

    async def _ask(self, work: Work, admin: int, screen: Screen) -> Call:
        """Ask once, by a button of `screen` or a command; return the call with the answer."""
        answered = asyncio.get_running_loop().create_future()
        self._waiting[admin] = (_ANSWERS[work], answered)
        if work is Work.LIST:
            await self._account.give("message", command(admin, "/pending"))
        else:
            payload = self._payload(work, next(self._students))
            await self._account.give("callback_query", press(admin, screen, payload))
        return await asyncio.wait_for(answered, _PATIENCE)

    def _watch(self, call: Call) -> None:
        if "text" in call.parameters and "callback_query_id" in call.parameters:
            self._note_toast(call.parameters["text"])
        if "chat_id" in call.parameters and call.chat_id in self._waiting:
            method, answered = self._waiting[call.chat_id]
            if call.method == method and not answered.done():
                answered.set_result(call)

    def _note_toast(self, text: str) -> None:
        if not self._toast.done():
            self._toast.set_result(text)


def _markup(message: Mapping[str, Any]) -> Mapping[str, Any]:
    markup = message["reply_markup"]
    read: Mapping[str, Any] = json.loads(markup) if isinstance(markup, str) else markup
    return read
