"""The desk as it runs inside a test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import run
from bot.settings import Settings


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    """Run the real program until the block ends, and see that it stops without an error."""
    stop = asyncio.Event()
    running = asyncio.create_task(run(settings, stop=stop))
    try:
        yield running
    finally:
        stop.set()
        await asyncio.wait_for(running, 10)
