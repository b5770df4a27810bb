"""What the page says to who looks at it."""

import asyncio
from typing import Final

from db.school import School
from simulator import Telegram

WELCOME: Final = (
    "You are everybody here. Open a booking in Anna’s chat and confirm it: in the chat beside it "
    "María is welcomed. Cancel another, and its student reads why. Soon somebody else books."
)
_DONE: Final = (
    "Nobody waits for a decision any more. Let a student book, or begin anew with Reset."
)
_PAUSE_SECONDS: Final = 0.5


async def guide(telegram: Telegram, dsn: str) -> None:
    """Say what to do, and in the end what else there is."""
    telegram.advise(WELCOME)
    async with School.connect(dsn) as school:
        while True:
            await telegram.changed()
            if not await school.has_waiting():
                telegram.advise(_DONE)
            elif telegram.hint == _DONE:
                telegram.advise(WELCOME)
            # Changes come in bursts.
            await asyncio.sleep(_PAUSE_SECONDS)
