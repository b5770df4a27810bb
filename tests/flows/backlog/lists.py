"""Lists of bookings that an admin decides at once."""

from datetime import UTC, datetime, timedelta

import asyncpg

from tests.support.person import Person
from tests.support.school import MakeBooking

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


async def make_waiting(make_booking: MakeBooking, number: int, **fields: object) -> list[int]:
    return [
        await make_booking(
            first_name=f"Student{n}", user_id=900 + n, created_at=MARCH + timedelta(n), **fields
        )
        for n in range(number)
    ]


async def statuses(sql: asyncpg.Connection) -> list[int]:
    return [row[0] for row in await sql.fetch("SELECT confirmed FROM bookings ORDER BY id")]


async def rehearsed(anna: Person, command: str, action: str) -> None:
    await anna.opens(command, shows="Filter")
    await anna.press("📦 All…")
    await anna.press(action)
