"""What happened to a booking, and who did it."""

from collections.abc import Sequence
from typing import Final

from db.connection import Connection, Record
from db.models import Actor, Booking, BookingAction, BookingStatus, Change, status_of

_READ: Final = """
    SELECT id, booking_id, revision, action, actor_id, actor_name, at,
           clock_timestamp() - at AS age,
           confirmed_before, confirmed_after, stream_before, stream_after, user_stream_before
      FROM booking_desk.audit
"""


class AuditRepository:
    """The table `booking_desk.audit`: one row for each change of a booking."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def record(
        self,
        action: BookingAction,
        before: Booking,
        after: Booking,
        *,
        by: Actor,
        user_stream_before: str | None = None,
    ) -> None:
        """Write what `by` has just changed; the last argument is what undoing it needs."""
        await self._connection.execute(
            """
            INSERT INTO booking_desk.audit
                   (booking_id, revision, action, actor_id, actor_name,
                    confirmed_before, confirmed_after, course_before, course_after,
                    stream_before, stream_after, user_stream_before, followed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, now())
            """,
            after.id,
            after.revision,
            action,
            by.id,
            by.name,
            before.confirmed,
            after.confirmed,
            after.course_id,
            before.course_stream,
            after.course_stream,
            user_stream_before,
        )

    async def latest(self, booking_id: int) -> Change | None:
        row = await self._connection.fetchrow(
            _READ + "WHERE booking_id = $1 ORDER BY revision DESC LIMIT 1", booking_id
        )
        return _change(row) if row else None

    async def at(self, booking_id: int, revision: int) -> Change | None:
        """Return the change that led to this revision of the booking."""
        row = await self._connection.fetchrow(
            _READ + "WHERE booking_id = $1 AND revision = $2", booking_id, revision
        )
        return _change(row) if row else None

    async def is_newest_confirmation(self, change: Change) -> bool:
        """Whether `change` confirmed the booking, and nothing has confirmed it since."""
        revision: int | None = await self._connection.fetchval(
            """
            SELECT max(revision)
              FROM booking_desk.audit
             WHERE booking_id = $1
               AND confirmed_after = $2
               AND confirmed_before IS DISTINCT FROM $2
            """,
            change.booking_id,
            BookingStatus.CONFIRMED.code,
        )
        return change.revision == revision

    async def take_outside(self, limit: int) -> Sequence[Change]:
        """Take up to `limit` changes of other programs to follow up, oldest first.

        They count as followed when this transaction commits; nobody else gets them meanwhile.
        """
        rows = await self._connection.fetch(
            f"""
            WITH taken AS (
                UPDATE booking_desk.audit
                   SET followed_at = now()
                 WHERE id IN (
                           SELECT id
                             FROM booking_desk.audit
                            WHERE followed_at IS NULL
                            ORDER BY id
                            LIMIT $1
                              FOR UPDATE SKIP LOCKED)
                RETURNING *
            )
            {_READ.replace("booking_desk.audit", "taken")}
            ORDER BY id
            """,
            limit,
        )
        return [_change(row) for row in rows]


def _change(row: Record) -> Change:
    actor_id = row["actor_id"]
    return Change(
        booking_id=row["booking_id"],
        revision=row["revision"],
        action=BookingAction(row["action"]),
        actor=None if actor_id is None else Actor(id=actor_id, name=row["actor_name"]),
        at=row["at"],
        age=row["age"],
        status_before=status_of(row["confirmed_before"]),
        status_after=status_of(row["confirmed_after"]),
        stream_before=row["stream_before"],
        stream_after=row["stream_after"],
        user_stream_before=row["user_stream_before"],
    )
