"""Who uses the desk: admins who press what they see, students who come."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Final

import asyncpg

from simulator import ChatMessage, Person
from tests.support.stage.world import World

_THINKING: Final = 3.0
"""Seconds between an admin's presses, besides the one that Telegram allows to a chat."""
_ONE_A_SECOND: Final = 1.1
_NEW_SCREEN: Final = 0.15
"""How often an admin writes a command instead of pressing a button."""
_BOOKINGS: Final = 300
"""As far as an admin remembers numbers; not all of them exist at first."""
_PATIENCE: Final = 10
_BLOCKS: Final = 0.05
_AWAY: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


class Admin:
    """Presses any button of the newest screen, or asks for another screen."""

    def __init__(self, world: World, person: Person, chance: Random) -> None:
        self._world = world
        self._person = person
        self._chance = chance
        self.acts = 0
        self.unanswered = 0

    async def work(self) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(_ONE_A_SECOND + self._chance.expovariate(1 / _THINKING))
            self.acts += 1
            try:
                await self._act()
            except TimeoutError:
                self.unanswered += 1

    async def _act(self) -> None:
        screen = self._screen
        presses = [
            button.callback_data
            for row in (screen.buttons if screen else [])
            for button in row
            if button.callback_data
        ]
        if screen is None or not presses or self._chance.random() < _NEW_SCREEN:
            await self._ask(self._chance.choice(self._commands()))
        else:
            data = self._chance.choice(presses)
            press = self._person.press(self._world.bot, screen.message_id, data)
            await press.answered(timeout=_PATIENCE)

    async def _ask(self, command: str) -> None:
        before = self._screen
        self._person.send(self._world.bot, command)
        await self._world.telegram.until(lambda: self._screen != before, timeout=_PATIENCE)

    def _commands(self) -> Sequence[str]:
        booking = self._chance.randint(1, _BOOKINGS)
        return ["/pending", "/bookings", "/outbox", "/status", f"/booking {booking}"]

    @property
    def _screen(self) -> ChatMessage | None:
        messages = self._person.chat(self._world.bot)
        return next((each for each in reversed(messages) if each.from_bot), None)


async def arrive(world: World, chance: Random, every: float) -> None:
    """Let a student start the bot and book a place `every` so many seconds, until cancelled."""
    last: Person | None = None
    while True:
        await asyncio.sleep(chance.expovariate(1 / every))
        if last and chance.random() < _BLOCKS:
            last.block(world.bot)
        try:
            [last] = await world.students(1)
        except _AWAY:
            # The school's program finds no database either; another student comes later.
            last = None
        else:
            last.start(world.bot)
