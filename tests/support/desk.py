"""The desk inside the process of a test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.app import run
from bot.settings import Settings


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[asyncio.Task[None]]:
    """Run the real program until the block ends, and check that it stops without an error."""
    stop = asyncio.Event()
    running = asyncio.create_task(run(settings, stop=stop))
    try:
        yield running
    finally:
        stop.set()
        await asyncio.wait_for(running, 30)


def short_grace(settings: Settings) -> AbstractAsyncContextManager[object]:
    """Run the program with a grace that ends within a test."""
    return open_desk(settings.model_copy(update={"undo_seconds": 1}))


def long_grace(settings: Settings) -> AbstractAsyncContextManager[object]:
    """Run the program with a grace that outlasts any test."""
    return open_desk(settings.model_copy(update={"undo_seconds": 600}))
