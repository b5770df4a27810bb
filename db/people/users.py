"""The school's own table of users."""

from db.connection import Connection
from db.models.bookings import Booking


class UserRepository:
    """The table `users`, which other programs write as well."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def follow(self, booking: Booking) -> str | None:
        """Note that the person now belongs to the booking's stream; return the one before.

        A booking without a stream leaves them where they are.
        """
        if booking.user_id is None:
            return None
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
        """Give the person the stream back that `follow(booking)` has returned.

        What another program has written since stays. So does a row that `follow` has made,
        without a stream: other tables of the school may refer to it by now.
        """
        await self._connection.execute(
            "UPDATE users SET course_stream = $2 WHERE user_id = $1 AND course_stream = $3",
            booking.user_id,
            stream,
            booking.course_stream,
        )
