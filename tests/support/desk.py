"""The desk as it runs inside a test."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import run
from bot.settings import Settings


def free_port() -> int:
    """Return a port of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


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
