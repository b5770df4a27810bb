"""Databases by name, ports, and the desk as a running program."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from bot.app import run
from bot.settings import Settings


def of_database(dsn: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlsplit(dsn)._replace(path=f"/{name}").geturl()


async def copy_database(admin: asyncpg.Connection, template: str, name: str) -> None:
    # File by file: block by block, as is usual, takes a quarter more of the server's CPU.
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")


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
