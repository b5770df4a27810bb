"""The school's own table of users."""

from db.connection import Connection
from db.models.bookings import Booking


class UserRepository:
    """The table `users`, which other programs write as well."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def follow(self, booking: Booking) -> str | None:
        """Write the booking's stream to the person; return the stream before.

        A booking without a stream changes nothing.
        """
        before: str | None = await self._connection.fetchval(
            """
            WITH before AS (
                SELECT course_stream FROM users WHERE user_id = $1 FOR UPDATE
            ), followed AS (
                INSERT INTO users (user_id, username, first_name, course_stream)
                VALUES ($1, $2, $3, $4)
                ON CONFLICT (user_id) DO UPDATE
                   SET course_stream = coalesce(excluded.course_stream, users.course_stream)
            )
            SELECT course_stream FROM before
            """,
            booking.user_id,
            booking.username,
            booking.first_name,
            booking.course_stream,
        )
        return before

    async def put_back(self, booking: Booking, stream: str | None) -> None:
        """Write the stream back to the person that `follow(booking)` has returned.

        A value that another program has written since stays. A row that `follow` has inserted
        stays without a stream, because other tables of the school may refer to it.
        """
        await self._connection.execute(
            "UPDATE users SET course_stream = $2 WHERE user_id = $1 AND course_stream = $3",
            booking.user_id,
            stream,
            booking.course_stream,
        )
