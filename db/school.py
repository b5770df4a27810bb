"""The school's own programs, for the demo: they fill the school's tables."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Final, Self

import asyncpg

from db.connection import Connection
from db.errors import DatabaseUnavailable, reason_of

AS_A_RESTORE: Final = "SET LOCAL row_security = off"
"""What a transaction inserts as confirmed is history; see migrations/0011_writes.sql."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldStream:
    """A stream of a course, with the names of both."""

    course_id: int
    course_name: str
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBooking:
    """A row of `bookings`, as the student bot writes it."""

    user_id: int
    username: str | None
    first_name: str | None
    course_id: int
    course_stream: str
    confirmed: int
    created_at: datetime
    referral_code: str | None = None
    discount_percent: int = 0


class School:
    """Writes to the school's tables over a connection of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    @asynccontextmanager
    async def connect(cls, dsn: str) -> AsyncIterator[Self]:
        """Open the connection for the time of the block.

        Raises:
            DatabaseUnavailable: also from the block, when PostgreSQL refuses or goes away.
        """
        try:
            connection = await asyncpg.connect(dsn)
            try:
                yield cls(connection)
            finally:
                await connection.close()
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise DatabaseUnavailable(reason_of(error)) from error

    async def has_waiting(self) -> bool:
        """Return whether a paid booking waits for a decision."""
        found: bool = await self._connection.fetchval(
            "SELECT EXISTS (SELECT FROM bookings WHERE confirmed = 1)"
        )
        return found

    async def burn_down(self) -> None:
        """Drop all tables, also the desk's; the next migration creates them anew."""
        await self._connection.execute(
            """
            DROP SCHEMA IF EXISTS booking_desk CASCADE;
            DROP TABLE IF EXISTS bookings, users, courses CASCADE;
            """
        )

    async def open(self, streams: Iterable[SoldStream], bookings: Iterable[NewBooking]) -> None:
        """Fill the empty tables; bookings get their numbers in the order of their dates.

        Nobody is welcomed to a booking that was confirmed in the past.
        """
        async with self._connection.transaction():
            await self._connection.execute(AS_A_RESTORE)
            for stream in streams:
                await self._sell(stream)
            await self._book(sorted(bookings, key=lambda booking: booking.created_at))

    async def book(self, booking: NewBooking) -> None:
        """Add the first booking of somebody."""
        async with self._connection.transaction():
            await self._book([booking])

    async def _sell(self, stream: SoldStream) -> None:
        await self._connection.execute(
            """
            INSERT INTO courses (course_id, course_name, course_stream) VALUES ($1, $2, $3)
            ON CONFLICT (course_id) DO UPDATE SET course_stream = excluded.course_stream
            """,
            stream.course_id,
            stream.course_name,
            stream.code,
        )
        await self._connection.execute(
            "INSERT INTO booking_desk.streams (course_id, code, name) VALUES ($1, $2, $3)",
            stream.course_id,
            stream.code,
            stream.name,
        )

    async def _book(self, bookings: Iterable[NewBooking]) -> None:
        await self._connection.copy_records_to_table(
            "bookings",
            records=map(astuple, bookings),
            columns=[field.name for field in fields(NewBooking)],
        )
        await self._connection.execute(
            """
            INSERT INTO users (user_id, username, first_name, course_stream)
            SELECT DISTINCT ON (user_id) user_id, username, first_name, course_stream
              FROM bookings
             ORDER BY user_id, created_at DESC
            ON CONFLICT (user_id) DO NOTHING
            """
        )
