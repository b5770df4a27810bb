"""What happened to a booking, and who did it."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from db.connection import Connection, Record
from db.lists.keyset import comparison, direction, in_order
from db.models.audit import Actor, Change, LogFilter, Placement, Remark
from db.models.bookings import Booking, BookingAction, BookingStatus, status_of
from db.models.counts import MOST_FOUND, counted
from db.models.lists import START, Cursor

_NAMES: Final = ", ".join(
    f"""
    (SELECT name FROM booking_desk.courses
      WHERE course_id = course_{when}) AS course_name_{when},
    (SELECT name FROM booking_desk.streams
      WHERE course_id = course_{when} AND code = stream_{when}) AS stream_name_{when}
    """
    for when in ("before", "after")
)
_COLUMNS: Final = f"""
    id, booking_id, revision, action, actor_id, actor_name, at, clock_timestamp() - at AS age,
    confirmed_before, confirmed_after, course_before, course_after, stream_before, stream_after,
    user_before, user_id, user_stream_before, remark, {_NAMES}
"""
_EXTERNAL: Final = """
    id, booking_id, revision, user_before, user_id, at, confirmed_before, confirmed_after,
    course_before, course_after, stream_before, stream_after
"""
_READ: Final = f"SELECT {_COLUMNS} FROM booking_desk.log "

# The numbers of entries rise with time, so a period is a range of numbers. What waits to be
# followed has no index by time, and is mostly new.
_SINCE: Final = """
    id >= coalesce(least((SELECT id FROM booking_desk.audit
                           WHERE at >= now() - ${0}::interval ORDER BY at, id LIMIT 1),
                         (SELECT id FROM booking_desk.external_changes
                           WHERE at >= now() - ${0}::interval ORDER BY id LIMIT 1)),
                   9223372036854775807)
"""

# Entries about a booking that was deleted later belong to no person.
_OF_PERSON: Final = """
    user_id = (SELECT booking_desk.person_id(bookings.user_id) FROM bookings
                WHERE bookings.id = ${}::bigint)
    AND NOT EXISTS (SELECT FROM booking_desk.audit AS gone
                     WHERE gone.booking_id = log.booking_id AND gone.action = 'delete'
                       AND gone.revision >= log.revision)
"""


class AuditRepository:
    """The log, `booking_desk.log`: one row for each change of a booking, and each reminder.

    Only the pages of the log have the reminders, which change nothing.
    """

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
        remark: Remark | None = None,
    ) -> Change:
        """Write the change that `by` has just made; undoing it needs `user_stream_before`."""
        row = await self._connection.fetchrow(
            f"""
            INSERT INTO booking_desk.audit
                   (booking_id, revision, user_id, action, actor_id, actor_name,
                    confirmed_before, confirmed_after, course_before, course_after,
                    stream_before, stream_after, user_stream_before, remark)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, $13)
            RETURNING {_COLUMNS}
            """,
            after.id,
            after.revision,
            after.user_id,
            action,
            by.id,
            by.name,
            before.confirmed,
            after.confirmed,
            after.course_id,
            before.course_stream,
            after.course_stream,
            user_stream_before,
            None if remark is None else json.dumps(remark.texts),
        )
        return _change(row)

    async def forget_reminder(self, booking: Booking) -> None:
        """Delete the entry of the newest reminder, which nobody will hear of."""
        await self._connection.execute(
            """
            DELETE FROM booking_desk.audit
             WHERE id = (SELECT max(id) FROM booking_desk.audit
                          WHERE booking_id = $1 AND revision = $2 AND action = 'remind')
            """,
            booking.id,
            booking.revision,
        )

    async def latest(self, booking: Booking) -> Change | None:
        changes = await self.of_booking(booking, limit=1)
        return changes[0] if changes else None

    async def recent(self, bookings: Sequence[Booking], *, within: timedelta) -> Sequence[Change]:
        """Return the changes of these bookings `within` this time, the newest of each first."""
        rows = await self._connection.fetch(
            _READ
            + """
            WHERE booking_id = ANY($1) AND at > now() - $2::interval AND action <> 'remind'
            ORDER BY booking_id, revision DESC
            """,
            [booking.id for booking in bookings],
            within,
        )
        return [_change(row) for row in rows]

    async def at(self, booking_id: int, revision: int) -> Change | None:
        """Return the change that made this revision of the booking."""
        row = await self._connection.fetchrow(
            _READ + "WHERE booking_id = $1 AND revision = $2 AND action <> 'remind'",
            booking_id,
            revision,
        )
        return _change(row) if row else None

    async def of_booking(self, booking: Booking, *, limit: int) -> Sequence[Change]:
        """Return the changes of the booking, the newest first."""
        rows = await self._connection.fetch(
            f"""
            {_READ}
             WHERE booking_id = $1 AND revision >= $2 AND action <> 'remind'
             ORDER BY revision DESC
             LIMIT $3
            """,
            booking.id,
            booking.first_revision,
            limit,
        )
        return [_change(row) for row in rows]

    async def page(self, log_filter: LogFilter, cursor: Cursor, *, limit: int) -> Sequence[Change]:
        """Return up to `limit` entries at the cursor, the newest first."""
        conditions, values = _conditions(log_filter, cursor)
        read = direction(cursor.edge, newest_first=True)
        rows = await self._connection.fetch(
            f"{_READ} WHERE {conditions} ORDER BY id {read} LIMIT $1", limit, *values
        )
        return in_order([_change(row) for row in rows], cursor.edge)

    async def count(self, log_filter: LogFilter, cursor: Cursor = START) -> int:
        """Count the entries at the cursor and beyond, up to MOST_FOUND."""
        conditions, values = _conditions(log_filter, cursor)
        n: int = await self._connection.fetchval(
            f"""
            SELECT count(*)
              FROM (SELECT FROM booking_desk.log WHERE {conditions} LIMIT $1) AS counted
            """,
            MOST_FOUND,
            *values,
        )
        return counted(n)

    async def undoable(self, by: Actor, *, grace: timedelta, limit: int) -> Sequence[Change]:
        """Return decisions of `by` within the grace, newest first, that no change followed."""
        rows = await self._connection.fetch(
            f"""
            {_READ}
             WHERE actor_id = $1
               AND {_SINCE.format(2)}
               AND action IN ('confirm', 'cancel', 'move', 'reopen')
               AND revision = (SELECT revision FROM bookings WHERE bookings.id = booking_id)
             ORDER BY id DESC
             LIMIT $3
            """,
            by.id,
            grace,
            limit,
        )
        return [_change(row) for row in rows]

    async def newest_confirmation(self, booking: Booking) -> int | None:
        """Return the revision that confirmed the booking last; None when the desk knows of none.

        To undo a cancellation is to let the confirmation before it stand.
        """
        revision: int | None = await self._connection.fetchval(
            """
            SELECT max(revision)
              FROM booking_desk.log
             WHERE booking_id = $1
               AND revision >= $3
               AND confirmed_after = $2
               AND confirmed_before IS DISTINCT FROM $2
               AND action <> 'undo'
            """,
            booking.id,
            BookingStatus.CONFIRMED.code,
            booking.first_revision,
        )
        return revision

    async def came_back(self, booking: Booking) -> bool:
        """Whether the same place was confirmed until its booking was deleted.

        False if the person was never welcomed to it because of the deletion.
        """
        came_back: bool = await self._connection.fetchval(
            """
            SELECT EXISTS (
                SELECT FROM booking_desk.audit AS gone
                 WHERE gone.user_id = $1
                   AND gone.action = 'delete'
                   AND gone.confirmed_before = $2
                   AND gone.course_before IS NOT DISTINCT FROM $3
                   AND gone.stream_before IS NOT DISTINCT FROM $4
                   AND NOT EXISTS (
                           SELECT FROM booking_desk.outbox AS welcome
                            WHERE welcome.kind = 'welcome'
                              AND welcome.booking_id = gone.booking_id
                              AND welcome.revision < gone.revision
                              AND welcome.chat_id = gone.user_id
                              AND (welcome.state IN ('queued', 'waiting', 'failed')
                                   OR welcome.reason = 'booking_gone')))
            """,
            booking.user_id,
            BookingStatus.CONFIRMED.code,
            booking.course_id,
            booking.course_stream,
        )
        return came_back

    async def take_external(self, limit: int) -> Sequence[Change]:
        """Take up to `limit` changes of other programs to follow up, oldest first.

        No other worker gets them. They count as followed when this transaction commits. The
        changes of bookings that another program has locked are left for later.
        """
        rows = await self._connection.fetch(
            f"""
            WITH oldest AS (
                SELECT id, booking_id
                  FROM booking_desk.external_changes
                 ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
            ), free AS (
                SELECT id FROM bookings WHERE id IN (SELECT booking_id FROM oldest)
                   FOR UPDATE SKIP LOCKED
            ), taken AS (
                DELETE FROM booking_desk.external_changes AS change
                 USING oldest
                 WHERE change.id = oldest.id
                   AND (EXISTS (SELECT FROM free WHERE free.id = oldest.booking_id)
                        OR NOT EXISTS (SELECT FROM bookings WHERE id = oldest.booking_id))
                RETURNING change.*
            ), recorded AS (
                INSERT INTO booking_desk.audit (action, {_EXTERNAL})
                OVERRIDING SYSTEM VALUE SELECT 'external', {_EXTERNAL} FROM taken
                ON CONFLICT DO NOTHING
                RETURNING *
            )
            SELECT {_COLUMNS} FROM recorded ORDER BY id
            """,
            limit,
        )
        return [_change(row) for row in rows]


def _conditions(log_filter: LogFilter, cursor: Cursor) -> tuple[str, Sequence[object]]:
    """Return the SQL condition on entries, and its values, from $2 on."""
    compare = comparison(cursor.edge, newest_first=True)
    wanted: list[tuple[str, object]] = [
        ("actor_id = ${}", log_filter.actor),
        ("action = ${}", log_filter.action),
        (_OF_PERSON if log_filter.person else "booking_id = ${}", log_filter.booking),
        (_SINCE, log_filter.period and log_filter.period.length),
        (f"id {compare} ${{}}", cursor.id if compare else None),
    ]
    used = [(condition, value) for condition, value in wanted if value is not None]
    conditions = [condition.format(n) for n, (condition, _) in enumerate(used, start=2)]
    return " AND ".join(conditions) or "true", [value for _, value in used]


def _change(row: Record) -> Change:
    actor_id = row["actor_id"]
    return Change(
        id=row["id"],
        booking_id=row["booking_id"],
        revision=row["revision"],
        action=BookingAction(row["action"]),
        actor=None if actor_id is None else Actor(id=actor_id, name=row["actor_name"]),
        at=row["at"],
        age=row["age"],
        status_before=status_of(row["confirmed_before"]),
        status_after=status_of(row["confirmed_after"]),
        before=_placement(row, "before"),
        after=_placement(row, "after"),
        user_before=row["user_before"],
        user_id=row["user_id"],
        user_stream_before=row["user_stream_before"],
        remark=Remark(json.loads(row["remark"])) if row["remark"] else None,
    )


def _placement(row: Record, when: str) -> Placement:
    return Placement(
        course_id=row[f"course_{when}"],
        course_name=row[f"course_name_{when}"],
        course_stream=row[f"stream_{when}"],
        stream_name=row[f"stream_name_{when}"],
    )
