"""The demo as a process, and its page as a person uses it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession
from playwright.async_api import Locator, Page, expect

from tests.support.programs.program import PATIENCE, Program, read_until, started
from tests.support.waiting import until

DESK = "school_desk_bot"
ANNA, BORIS, MARIA, GLEB, LEI, NILS = 11, 12, 101, 102, 103, 104
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Demo:
    """A demo that runs."""

    program: Program
    url: str

    def address(self, *people: int) -> str:
        """Return the address of the page with the chats of these people."""
        return f"{self.url}/#{'&'.join(f'{person}@{DESK}' for person in people)}"

    async def let_time_pass(self, seconds: float) -> None:
        """Advance Telegram's clock."""
        await self._post("/sim/clock", {"advance": seconds})

    async def reset(self) -> None:
        """Reset the sample data, and wait until the admins have their lists."""
        await self.press("Reset")

        async def complete() -> bool:
            return await self.length(BORIS) == 4

        await until(complete, seconds=PATIENCE)

    async def restart(self) -> None:
        """Restart the bot."""
        await self.press("Restart the bot")

    async def press(self, control: str) -> None:
        """Press a button of the panel, and wait until its action ends."""
        await self._post(f"/sim/controls/{control}")

    async def fail(self, method: str) -> None:
        """Make the next call of a method fail with an error of Telegram."""
        await self._post("/sim/faults", {"kind": "ServerError", "method": method})

    async def _post(self, path: str, body: object = None) -> None:
        async with ClientSession(self.url) as http, http.post(path, json=body) as response:
            assert response.ok

    async def length(self, person: int) -> int:
        """Return the number of messages in a person's chat."""
        path = f"/sim/people/{person}/chat/{DESK}"
        async with ClientSession(self.url) as http, http.get(path) as response:
            return len(await response.json()) if response.status == 200 else 0


class Chat:
    """An open chat on the page, the first or the second."""

    def __init__(self, page: Page, place: int) -> None:
        self.pane = page.locator(".pane").nth(place)
        self.messages = self.pane.locator(".message")
        self.last = self.messages.last
        self.input = self.pane.get_by_label("Message", exact=True)

    def button(self, label: str) -> Locator:
        """Return the button with this label on the latest message that has one."""
        return self.pane.locator(".inline", has_text=label).last

    async def press(self, label: str) -> None:
        await self.button(label).click()

    async def write(self, text: str) -> None:
        await self.input.fill(text)
        await self.input.press("Enter")

    async def shows(self, words: str) -> None:
        """Wait until a message has this text."""
        await expect(self.messages.filter(has_text=words).last).to_be_visible()

    async def is_told(self, words: str) -> None:
        """Wait until a toast or an alert has this text."""
        await expect(self.pane.locator(".notices")).to_contain_text(words)

    async def open_card(self, booking_of: str) -> None:
        await self.press(booking_of)
        await self.shows("Booking #")


@asynccontextmanager
async def demo_running(directory: Path, **variables: str) -> AsyncIterator[Demo]:
    """Start the demo as in a clean checkout; stop it at the end if it still runs."""
    async with started(directory, "demo", "--port", "0", **variables) as program:
        line = (await read_until(program.stdout, "The desk is open"))[-1]
        found = _ADDRESS.search(line)
        assert found, line
        try:
            yield Demo(program, found[0])
        finally:
            await stopped(program)


async def stopped(program: Program) -> int | None:
    """Press Ctrl-C if the demo still runs; return its exit code."""
    if program.returncode is None:
        program.interrupt()
    await program.rest()
    return program.returncode
