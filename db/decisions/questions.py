"""Questions before a booking is cancelled or moved."""

from datetime import timedelta
from typing import Final

from db.connection import Connection, Record
from db.models.audit import Actor
from db.models.bookings import Booking, BookingAction
from db.models.decisions.questions import Question

_COLUMNS: Final = "id, booking_id, revision, action, back, words, version"


class QuestionRepository:
    """The table `booking_desk.questions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def ask(
        self, action: BookingAction, booking: Booking, *, back: str, by: Actor
    ) -> Question:
        """Ask about the booking as it is; `back` is the payload of the button back."""
        row = await self._connection.fetchrow(
            f"""
            INSERT INTO booking_desk.questions (actor_id, booking_id, revision, action, back)
            VALUES ($1, $2, $3, $4, $5)
            RETURNING {_COLUMNS}
            """,
            by.id,
            booking.id,
            booking.revision,
            action,
            back,
        )
        return _question(row)

    async def get(self, question_id: int) -> Question | None:
        row = await self._connection.fetchrow(
            f"SELECT {_COLUMNS} FROM booking_desk.questions WHERE id = $1::bigint", question_id
        )
        return _question(row) if row else None

    async def write(self, question: Question, words: str) -> Question:
        """Take the admin's own words in place of earlier ones."""
        row = await self._connection.fetchrow(
            f"""
            UPDATE booking_desk.questions SET words = $2, version = version + 1
             WHERE id = $1
            RETURNING {_COLUMNS}
            """,
            question.id,
            words,
        )
        return _question(row)

    async def forget(self, age: timedelta) -> None:
        """Delete the questions that were asked so long ago."""
        await self._connection.execute(
            "DELETE FROM booking_desk.questions WHERE asked_at < now() - $1::interval", age
        )


def _question(row: Record) -> Question:
    return Question(**{**row, "action": BookingAction(row["action"])})
