"""Turns: how many are served at once, and who is next."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiogram.types import TelegramObject, Update, User

from bot.running.turns import Line
from bot.services.access import Staff
from handlers.common.turns import Turns


class Counter:
    """Serves people of a line, each until it is told to end."""

    def __init__(self, places: int, each: int) -> None:
        self.line = Line(places, each)
        self.served: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.ends: dict[str, asyncio.Event] = {}

    async def come(self, *names: str) -> Sequence[str]:
        """Let people come, each named by a letter for who they are; return who is served."""
        for name in names:
            self.ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._serve(name))
        return await self._now()

    async def end(self, name: str) -> Sequence[str]:
        self.ends[name].set()
        return await self._now()

    async def leave(self, name: str) -> Sequence[str]:
        self.tasks[name].cancel()
        return await self._now()

    async def _serve(self, name: str) -> None:
        async with self.line.turn(ord(name[0])):
            self.served.append(name)
            await self.ends[name].wait()

    async def _now(self) -> Sequence[str]:
        for _ in range(5):
            await asyncio.sleep(0)
        return self.served


async def test_no_more_are_served_at_once_than_there_are_places() -> None:
    counter = Counter(places=2, each=2)

    assert await counter.come("a", "b", "c") == ["a", "b"]
    assert await counter.end("b") == ["a", "b", "c"]


async def test_who_comes_often_waits_behind_themselves_alone() -> None:
    counter = Counter(places=1, each=1)

    await counter.come("a1", "a2", "a3", "b", "c")
    for name in ("a1", "a2", "b", "c"):
        await counter.end(name)

    assert counter.served == ["a1", "a2", "b", "c", "a3"]


async def test_one_person_takes_only_so_many_places() -> None:
    counter = Counter(places=3, each=2)

    assert await counter.come("a1", "a2", "a3", "b") == ["a1", "a2", "b"]
    assert counter.line.waiting(ord("a")) == 1
    assert await counter.end("b") == ["a1", "a2", "b"]
    assert await counter.end("a1") == ["a1", "a2", "b", "a3"]


async def test_who_goes_away_leaves_the_place_to_the_next() -> None:
    counter = Counter(places=1, each=1)

    await counter.come("a", "b", "c")
    await counter.leave("b")
    assert await counter.leave("a") == ["a", "c"]
    await counter.leave("c")

    assert (await counter.come("d"))[-1] == "d"


async def test_who_goes_away_in_the_moment_of_the_call_gives_the_place_back() -> None:
    counter = Counter(places=1, each=1)
    await counter.come("a", "b", "c")

    counter.ends["a"].set()
    await asyncio.sleep(0)
    counter.tasks["b"].cancel()

    assert (await counter.end("b"))[-1] == "c"


ANNA, VERA = 11, 13
SOMEBODY = {"id": 1001, "is_bot": True, "first_name": "Desk"}
A_MESSAGE = Update(update_id=1)
A_BLOCK = Update.model_validate(
    {
        "update_id": 2,
        "my_chat_member": {
            "date": 1_790_000_000,
            "chat": {"id": VERA, "type": "private"},
            "from": {"id": VERA, "is_bot": False, "first_name": "Vera"},
            "old_chat_member": {"status": "member", "user": SOMEBODY},
            "new_chat_member": {"status": "left", "user": SOMEBODY},
        },
    }
)


class Desk:
    """Handles the updates of people, none of which ends by itself."""

    def __init__(self) -> None:
        self.turns = Turns(Staff({ANNA}))
        self.begun: list[int] = []
        self.tasks: list[asyncio.Task[object]] = []

    async def brings(self, *people: int, update: Update = A_MESSAGE) -> Sequence[int]:
        """Bring an update of each; return whose are being handled."""
        for person in people:
            user = User(id=person, is_bot=False, first_name="")
            data = {"event_from_user": user}
            handling = self.turns(self._handle, update, data)
            self.tasks.append(asyncio.ensure_future(handling))
        for _ in range(5):
            await asyncio.sleep(0)
        return self.begun

    async def _handle(self, _: TelegramObject, data: dict[str, Any]) -> None:
        self.begun.append(data["event_from_user"].id)
        await asyncio.Event().wait()


async def test_an_admin_is_served_while_strangers_take_all_their_places() -> None:
    desk = Desk()

    assert await desk.brings(*range(1000, 1150), ANNA) == [*range(1000, 1100), ANNA]


async def test_few_blocks_are_noted_at_once_and_none_is_left_out() -> None:
    desk = Desk()

    assert len(await desk.brings(*range(1000, 1010), update=A_BLOCK)) == 4
    assert len(await desk.brings(*[VERA] * 5, update=A_BLOCK)) == 4
    assert not any(task.done() for task in desk.tasks)
    assert (await desk.brings(VERA))[-1] == VERA


async def test_what_a_stranger_sends_beyond_what_is_answered_is_left_out() -> None:
    desk = Desk()

    assert await desk.brings(*[VERA] * 10) == [VERA]
    assert sum(task.done() for task in desk.tasks) == 7
    assert await desk.brings(*[ANNA] * 20) == [VERA, *[ANNA] * 16]
    assert sum(task.done() for task in desk.tasks) == 7
