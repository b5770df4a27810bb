"""Reminders of bookings without a payment receipt."""

from collections.abc import Mapping, Set
from datetime import datetime, timedelta

from db.connection import Connection, affected
from db.models.outbox import REMINDER


class ReminderRepository:
    """The reminders in the table `booking_desk.outbox`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of_late(self, bookings: Set[int], age: timedelta) -> Mapping[int, datetime]:
        """Return when the last reminder was owed, for the bookings that had one since `age`.

        What was withdrawn does not count.
        """
        rows = await self._connection.fetch(
            """
            SELECT booking_id, max(created_at) AS at
              FROM booking_desk.outbox
             WHERE booking_id = ANY($2::bigint[]) AND kind = $1 AND state <> 'withdrawn'
               AND created_at > now() - $3::interval
             GROUP BY booking_id
            """,
            REMINDER,
            list(bookings),
            age,
        )
        return {row["booking_id"]: row["at"] for row in rows}

    async def take_back(self, booking_id: int, revision: int) -> bool:
        """Withdraw the reminder of this revision that nothing but its grace keeps back.

        Returns:
            False if there is none.
        """
        status = await self._connection.execute(
            """
            UPDATE booking_desk.outbox
               SET state = 'withdrawn', reason = 'withdrawn_by_hand', ended_at = now()
             WHERE booking_id = $2 AND kind = $1 AND revision = $3
               AND state = 'queued' AND attempts = 0 AND due_at > now()
            """,
            REMINDER,
            booking_id,
            revision,
        )
        return affected(status) > 0
