"""The databases of a test server, by name."""

from urllib.parse import urlsplit

import asyncpg


def of_database(dsn: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlsplit(dsn)._replace(path=f"/{name}").geturl()


async def copy_database(admin: asyncpg.Connection, template: str, name: str) -> None:
    # File by file: block by block, as is usual, takes a quarter more of the server's CPU.
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
