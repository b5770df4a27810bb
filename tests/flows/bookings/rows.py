"""What decisions have written, and what students have heard of them."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from tests.support.person import Person


async def booking_row(sql: asyncpg.Connection, booking: int) -> Mapping[str, Any]:
    row: Mapping[str, Any] = await sql.fetchrow("SELECT * FROM bookings WHERE id = $1", booking)
    return row


async def audit(sql: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await sql.fetch(
        """
        SELECT action, actor_id, actor_name, confirmed_before, confirmed_after,
               stream_before, stream_after
          FROM booking_desk.log
         ORDER BY id
        """
    )
    return [tuple(row) for row in rows]


def heard_welcomes(person: Person) -> list[str]:
    return [text for text in person.inbox if "welcome!" in text]
