"""A statement that is broken off leaves nothing behind for whoever comes next."""

import asyncio

import pytest

from db.server.address import Address
from db.server.connecting import Connector
from db.server.pool import SessionPool


async def test_a_session_whose_statement_was_broken_off_is_used_no_more(dsn: str) -> None:
    """PostgreSQL may have been preparing it, and would take the next BEGIN for a part of that."""
    async with SessionPool.opened(Connector(Address.parse(dsn)), most=1) as pool:
        before = await ask(pool, "SELECT pg_backend_pid()")
        asking = asyncio.create_task(ask(pool, "SELECT pg_sleep(60)"))
        await asyncio.sleep(0.1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

        after = await ask(pool, "SELECT pg_backend_pid()")

    assert after != before


async def ask(pool: SessionPool, query: str) -> object:
    async with pool.session() as connection:
        return await connection.fetchval(query)
