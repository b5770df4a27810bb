"""Sessions of the pool, whatever becomes of who uses them."""

import asyncio
from contextlib import suppress

from db.database import Database


async def test_a_statement_that_is_given_up_before_it_ran_leaves_no_transaction(dsn: str) -> None:
    async with Database.connect(dsn, connections=1) as db:
        with suppress(asyncio.CancelledError):
            async with db.pool.session() as connection:
                await connection.prepare("SELECT count(*) FROM booking_desk.signs")
                raise asyncio.CancelledError

        async with db.snapshot() as uow:
            assert await uow.copies.seconds_to_next() is None
