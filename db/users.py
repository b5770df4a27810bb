"""The school's own table of users."""

from db.connection import Connection
from db.models import Booking


class UserRepository:
    """The table `users`, which other programs write as well."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def follow(self, booking: Booking) -> None:
        """Note that the person now belongs to the booking's stream."""
        await self._connection.execute(
            """
            INSERT INTO users (user_id, username, first_name, course_stream)
            VALUES ($1, $2, $3, $4)
            ON CONFLICT (user_id) DO UPDATE SET course_stream = excluded.course_stream
            """,
            booking.user_id,
            booking.username,
            booking.first_name,
            booking.course_stream,
        )
