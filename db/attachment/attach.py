"""Attach the desk to the school's tables, while the school's programs write."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final, TypeAlias

import asyncpg
import structlog

from db.attachment.locks import gently, watched
from db.attachment.parts import COLUMNS, INDEXES, TRIGGERS, missing
from db.attachment.repair import repair
from db.connection import Connection

Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[Connection]]

_SECONDS: Final = 3600
"""For one index, or one repair."""

logger = structlog.get_logger(__name__)


async def attach(connection: Connection, connect: Connect) -> None:
    """Add what the school's tables lack, and make up for what was missed meanwhile.

    Args:
        connection: Not inside a transaction.
        connect: Yields another connection.

    """
    lacking = await missing(connection)
    for table, column in lacking.columns:
        await _add_column(connection, table, column)
    if lacking.indexes:
        async with connect() as other:
            for name in lacking.indexes:
                await _build(connection, name, other, again=name in lacking.invalid)
    if lacking.triggers:
        await gently(connection, lambda: _add_triggers(connection, lacking.triggers))
        logger.info("attached", triggers=len(lacking.triggers))
    await repair(connection)


async def _add_column(connection: Connection, table: str, column: str) -> None:
    async def add() -> None:
        await connection.execute(
            f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} {COLUMNS[table, column]}"
        )
        await connection.execute(
            "INSERT INTO booking_desk.own_columns VALUES ($1, $2) ON CONFLICT DO NOTHING",
            table,
            column,
        )

    await gently(connection, add)
    logger.info("added", column=f"{table}.{column}")


async def _build(connection: Connection, name: str, other: Connection, *, again: bool) -> None:
    # Nobody waits for this lock but other changes of the table, so there is no limit.
    await connection.execute("SET lock_timeout = 0")
    async with watched(connection, other):
        if again:
            await connection.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", timeout=_SECONDS)
        try:
            await connection.execute(INDEXES[name], timeout=_SECONDS)
        except asyncpg.FeatureNotSupportedError:
            # A partitioned table has no other way.
            await connection.execute(INDEXES[name].replace("CONCURRENTLY ", ""), timeout=_SECONDS)
    logger.info("built", index=name)


async def _add_triggers(connection: Connection, names: Sequence[str]) -> None:
    await connection.execute(TRIGGERS)
    for name in names:
        await connection.execute(f"ALTER TABLE bookings ENABLE TRIGGER {name}")
    await connection.execute("INSERT INTO booking_desk.faults (during) VALUES ('ATTACH')")
