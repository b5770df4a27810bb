"""The people of the soak: admins who press buttons and bring bookings, and students who arrive."""

import asyncio
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

import asyncpg

from simulator import ChatMessage, Person
from tests.support.stage.world import World

_THINKING: Final = 3.0
"""Mean seconds between an admin's presses, in addition to `_ONE_A_SECOND`."""
_ONE_A_SECOND: Final = 1.1
"""Seconds; Telegram allows one message a second to a chat."""
_NEW_SCREEN: Final = 0.15
"""The share of commands among an admin's acts."""
_BOOKINGS: Final = 300
"""The highest booking that an admin asks for; not all exist at first."""
_ONWARDS: Final = ("u0", "u1", "u2", "a2", "a5", "i1")
"""How the payloads of bulks begin, and those that bring a new booking or a file further."""
_ON: Final = 0.5
"""The share of presses for one of these, where there is a button for it."""
_BRINGING: Final = 0.15
"""The share of bookings by hand, and of files, among what admins begin."""
_ROWS: Final = 30
"""Bookings of a file."""
_PATIENCE: Final = 10
_BLOCKS: Final = 0.05
_AWAY: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


class Admin:
    """Presses a random button of the newest screen, or writes a command."""

    def __init__(self, world: World, person: Person, chance: Random) -> None:
        self._world = world
        self._person = person
        self._chance = chance
        self.acts = 0
        self.unanswered = 0

    async def work(self) -> None:
        """Act until cancelled."""
        while True:
            await self._think()
            self.acts += 1
            try:
                await self._act()
            except TimeoutError:
                self.unanswered += 1

    async def _think(self) -> None:
        await asyncio.sleep(_ONE_A_SECOND + self._chance.expovariate(1 / _THINKING))

    async def _act(self) -> None:
        screen = self._screen
        presses = [
            button.callback_data
            for row in (screen.buttons if screen else [])
            for button in row
            if button.callback_data
        ]
        if screen is None or not presses or self._chance.random() < _NEW_SCREEN:
            await self._begin()
        else:
            onwards = [data for data in presses if data.startswith(_ONWARDS)]
            data = self._chance.choice(
                onwards if onwards and self._chance.random() < _ON else presses
            )
            press = self._person.press(self._world.bot, screen.message_id, data)
            await press.answered(timeout=_PATIENCE)

    async def _begin(self) -> None:
        if self._chance.random() >= _BRINGING:
            await self._ask(self._chance.choice(self._commands()))
        elif self._chance.random() < 0.5:
            [student] = self._world.acquaintances(1)
            await self._ask("/add")
            for answer in (str(student.id), "drawing", "by hand"):
                await self._think()
                await self._ask(answer)
        else:
            await self._answered(self._send_file)

    async def _ask(self, words: str) -> None:
        await self._answered(lambda: self._person.send(self._world.bot, words))

    def _send_file(self) -> ChatMessage:
        rows = [
            f"{student.id},{student.name},drawing,file,pending"
            for student in self._world.acquaintances(_ROWS)
        ]
        content = "\n".join(["telegram id,name,course,stream,status", *rows])
        return self._person.send_document(self._world.bot, content.encode(), "bookings.csv")

    async def _answered(self, speak: Callable[[], ChatMessage]) -> None:
        before = self._screen
        speak()
        await self._world.telegram.until(lambda: self._screen != before, timeout=_PATIENCE)

    def _commands(self) -> Sequence[str]:
        booking = self._chance.randint(1, _BOOKINGS)
        return ["/review", "/pending", "/bookings", "/outbox", "/status", f"/booking {booking}"]

    @property
    def _screen(self) -> ChatMessage | None:
        messages = self._person.chat(self._world.bot)
        return next((message for message in reversed(messages) if message.from_bot), None)


async def arrive(world: World, chance: Random, every: float) -> None:
    """Until cancelled, add a student who starts the bot; the mean interval is `every` seconds."""
    last: Person | None = None
    while True:
        await asyncio.sleep(chance.expovariate(1 / every))
        if last and chance.random() < _BLOCKS:
            last.block(world.bot)
        try:
            [last] = await world.students(1)
        except _AWAY:
            # The school's program has no database either; the next student comes later.
            last = None
        else:
            last.start(world.bot)
