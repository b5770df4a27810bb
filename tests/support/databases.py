"""Databases of a server by name, and connections to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from db.database import Database
from db.embedded import embedded_postgres


def of_database(dsn: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return urlsplit(dsn)._replace(path=f"/{name}").geturl()


async def copy_database(admin: asyncpg.Connection, template: str, name: str) -> None:
    # `file_copy` takes less of the server's CPU than the default, which copies block by block.
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Yield a connection that ends with the block."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def make_own_database(home: Path) -> None:
    """Make the data directory of a desk without DATABASE_URL; it does not wait for the disk."""
    async with (
        embedded_postgres(home, settings={"fsync": "off"}) as dsn,
        Database.connect(dsn) as db,
    ):
        await db.migrate()
    with (home / "cluster" / "postgresql.conf").open("a") as configuration:
        configuration.write("fsync = off\n")


async def read_only(sql: asyncpg.Connection, setting: str) -> None:
    """Let the database take no changes from anybody else (`on`), or take them again (`off`)."""
    name = await sql.fetchval("SELECT current_database()")
    await sql.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {setting}")


async def failed_over(sql: asyncpg.Connection) -> None:
    """Everybody else finds a server that takes no changes at the address, as after a failover."""
    await read_only(sql, "on")
    await sql.execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()
        """
    )
