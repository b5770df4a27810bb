"""The database of the settings: how it is reached, and brought up to date."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import NamedTuple

import structlog

from bot.settings import Settings
from db.database import Database
from db.embedded import embedded_postgres, shared_postgres
from db.server.fitness import examine

logger = structlog.get_logger(__name__)


class OpenDatabase(NamedTuple):
    """A database, and the address to listen at."""

    db: Database
    dsn: str


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[OpenDatabase]:
    """Yield the database, which is up to date.

    Raises:
        DatabaseUnfit: the desk cannot work with what is at DATABASE_URL.
        MigrationError: it cannot be brought up to date, or must not.
    """
    async with reach_database(settings) as (db, address):
        if settings.run_migrations:
            await db.migrate(timezone=settings.timezone.key)
        else:
            async with db.schema() as schema:
                await schema.check()
        yield OpenDatabase(db, address)


@asynccontextmanager
async def reach_database(settings: Settings) -> AsyncIterator[OpenDatabase]:
    """Yield the database as it is.

    Raises:
        DatabaseUnfit: the desk cannot work with what is at DATABASE_URL.
    """
    async with AsyncExitStack() as stack:
        direct = None
        if settings.database_url is None:
            dsn = await stack.enter_async_context(embedded_postgres(settings.data_dir))
        else:
            dsn = settings.database_url.get_secret_value()
            if settings.database_direct_url is not None:
                direct = settings.database_direct_url.get_secret_value()
            await _examine(dsn, direct)
        # One more listens.
        pool = Database.connect(dsn, connections=settings.db_connections - 1, direct=direct)
        db = await stack.enter_async_context(pool)
        yield OpenDatabase(db, direct or dsn)


async def _examine(dsn: str, direct: str | None) -> None:
    found = await examine(dsn, direct)
    if not found.is_trusted:
        advice = "add sslmode=verify-full to its address"
        logger.warning("the database has not proved who it is", tls=found.tls, advice=advice)


@asynccontextmanager
async def address_of(settings: Settings, *, made: bool = False) -> AsyncIterator[str]:
    """Yield the address of the database, also of an embedded one that a desk uses now.

    An embedded database that does not exist is `made`, or an error.
    """
    if settings.database_url is not None:
        yield (settings.database_direct_url or settings.database_url).get_secret_value()
        return
    serve = embedded_postgres if made else shared_postgres
    async with serve(settings.data_dir) as dsn:
        yield dsn
