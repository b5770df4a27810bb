"""The school's own table of users."""

from collections.abc import Awaitable
from typing import TypeVar

import structlog

from db.connection import Connection
from db.failures import FAILURES, is_refused
from db.models.bookings import Booking
from db.sessions import Transaction

T = TypeVar("T")

logger = structlog.get_logger(__name__)


class UserRepository:
    """The table `users`, which other programs write as well."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def follow(self, booking: Booking) -> str | None:
        """Write the booking's stream to the person; return the stream before.

        A booking without a stream changes nothing. Nor does one that the table refuses, as it may
        have columns, constraints and triggers of the school's own; the log says so.
        """
        if booking.user_id is None:
            return None
        return await self._if_taken(booking, self._follow(booking))

    async def put_back(self, booking: Booking, stream: str | None) -> None:
        """Write the stream back to the person that `follow(booking)` has returned.

        A value that another program has written since stays. A row that `follow` has inserted
        stays without a stream, because other tables of the school may refer to it.
        """
        await self._if_taken(booking, self._put_back(booking, stream))

    async def _if_taken(self, booking: Booking, writing: Awaitable[T]) -> T | None:
        """Return what `writing` returns, or log that the table refuses what it writes."""
        try:
            async with Transaction(self._connection):
                return await writing
        except FAILURES as error:
            if not is_refused(error):
                raise
            logger.warning(
                "the user's stream is not updated",
                booking=booking.id,
                user=booking.user_id,
                reason=error,
            )
            return None

    async def _follow(self, booking: Booking) -> str | None:
        # A person who is there is not inserted again, because PostgreSQL looks for the columns
        # that must not be empty before it finds the conflict.
        before: str | None = await self._connection.fetchval(
            """
            WITH before AS (
                SELECT course_stream::text FROM users WHERE user_id = $1::bigint FOR UPDATE
            ), updated AS (
                UPDATE users SET course_stream = coalesce($4::text, course_stream::text)
                 WHERE user_id = $1::bigint AND EXISTS (SELECT FROM before)
            ), inserted AS (
                INSERT INTO users (user_id, username, first_name, course_stream)
                SELECT $1::bigint, $2::text, $3::text, $4::text
                 WHERE NOT EXISTS (SELECT FROM before)
                ON CONFLICT (user_id) DO UPDATE
                   SET course_stream = coalesce(excluded.course_stream::text,
                                                users.course_stream::text)
            )
            SELECT course_stream FROM before
            """,
            booking.user_id,
            booking.username,
            booking.first_name,
            booking.course_stream,
        )
        return before

    async def _put_back(self, booking: Booking, stream: str | None) -> None:
        await self._connection.execute(
            """
            UPDATE users SET course_stream = $2::text
             WHERE user_id = $1::bigint AND course_stream = $3::text
            """,
            booking.user_id,
            stream,
            booking.course_stream,
        )
