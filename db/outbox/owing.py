"""Messages owed to people, from the change that owes them to their end.

`MESSAGE_TRANSITIONS` has the states that may follow each state. A method that changes the state
leaves messages alone that may not take it.
"""

import json
from collections.abc import Sequence
from datetime import timedelta

from db.connection import Connection, affected
from db.models.bookings import Booking
from db.models.counts import MOST_FOUND
from db.models.outbox import (
    LOOKED_FOR_EVERY,
    Message,
    MessageState,
    OutgoingMessage,
    Priority,
    Reason,
    sources_of,
)
from db.outbox.messages import COLUMNS, message_of


class OutboxRepository:
    """The table `booking_desk.outbox`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def owe(
        self,
        owed: OutgoingMessage,
        *,
        delay: timedelta = timedelta(0),
        priority: Priority = Priority.WAITED_FOR,
    ) -> None:
        """Owe a message; a second one with the same kind, subject and chat changes nothing.

        A message that was settled was never sent, so it is owed again. The commit notifies the
        delivery worker, unless the delay is so long that the worker will find the message anyway.
        """
        await self._connection.execute(
            """
            WITH recipient AS (
                SELECT coalesce((SELECT new_id FROM booking_desk.chat_moves WHERE old_id = $3),
                                $3) AS chat_id
            ), owed AS (
                INSERT INTO booking_desk.outbox AS message
                       (kind, key, chat_id, sender, booking_id, revision, payload, priority,
                        due_at)
                SELECT $1, concat_ws(':', $1::text, $2::text, chat_id), chat_id, $4, $5, $6, $7,
                       $8, now() + $9::interval
                  FROM recipient
                ON CONFLICT (key) DO UPDATE
                   SET state = 'queued', reason = NULL, due_at = excluded.due_at,
                       priority = excluded.priority, payload = excluded.payload,
                       spent = message.attempts, ended_at = NULL
                 WHERE message.state = 'withdrawn' AND message.reason = 'settled'
                RETURNING id
            )
            SELECT pg_notify('booking_desk', 'outbox') FROM owed
             WHERE $9::interval <= $10::interval
            """,
            owed.kind,
            owed.subject,
            owed.chat_id,
            owed.sender,
            owed.booking_id,
            owed.revision,
            json.dumps(owed.payload),
            priority,
            delay,
            LOOKED_FOR_EVERY,
        )

    async def withdraw(self, kind: str, booking_id: int, *, reason: Reason) -> None:
        """Withdraw the booking's messages of this kind that were not sent and are not leaving."""
        await self._connection.execute(
            """
            UPDATE booking_desk.outbox
               SET state = 'withdrawn', reason = $3, ended_at = now()
             WHERE booking_id = $2 AND kind = $1
               AND state IN ('queued', 'waiting', 'failed')
            """,
            kind,
            booking_id,
            reason,
        )

    async def restore(self, booking_id: int, *, revision: int) -> None:
        """Queue the messages again that the change to this revision of the booking withdrew.

        A message that was never tried is due at the same time as before.
        """
        await self._connection.execute(
            """
            WITH restored AS (
                UPDATE booking_desk.outbox AS message
                   SET state = 'queued', reason = NULL, spent = attempts, ended_at = NULL,
                       due_at = CASE WHEN attempts = 0 THEN due_at ELSE now() END
                  FROM booking_desk.audit AS change
                 WHERE change.booking_id = $1 AND change.revision = $2
                   AND message.booking_id = $1 AND message.state = 'withdrawn'
                   AND message.reason = 'cancelled' AND message.ended_at = change.at
                RETURNING message.id
            )
            SELECT pg_notify('booking_desk', 'outbox') FROM restored
            """,
            booking_id,
            revision,
        )

    async def wake(self, chat_id: int) -> int:
        """Queue the messages that wait for this person; return their number."""
        woken: int = await self._connection.fetchval(
            f"""
            WITH woken AS (
                UPDATE booking_desk.outbox
                   SET state = 'queued', due_at = now(), spent = attempts, reason = NULL,
                       ended_at = NULL, priority = {Priority.WAITED_FOR:d}
                 WHERE chat_id = $1 AND state = 'waiting'
                RETURNING id
            )
            SELECT count(pg_notify('booking_desk', 'outbox')) FROM woken
            """,
            chat_id,
        )
        return woken

    async def redirect(self, old_id: int, new_id: int) -> None:
        """Send the messages for a group to its new id, because it became a supergroup.

        A message that the new id is already owed is settled.
        """
        await self._connection.execute(
            """
            WITH moved AS (
                INSERT INTO booking_desk.chat_moves (old_id, new_id) VALUES ($1, $2)
                ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id
            ), owed AS (
                -- A key ends with the chat.
                SELECT old.id, rekeyed.key, new.id IS NOT NULL AS twice
                  FROM booking_desk.outbox AS old
                 CROSS JOIN LATERAL (SELECT left(old.key, -length($1::bigint::text))
                                            || $2::bigint::text AS key) AS rekeyed
                  LEFT JOIN booking_desk.outbox AS new ON new.key = rekeyed.key
                 WHERE old.chat_id = $1 AND old.state IN ('queued', 'sending', 'waiting')
            ), settled AS (
                UPDATE booking_desk.outbox AS message
                   SET state = 'withdrawn', reason = 'settled', ended_at = now()
                  FROM owed
                 WHERE message.id = owed.id AND twice
            )
            UPDATE booking_desk.outbox AS message SET chat_id = $2, key = owed.key
              FROM owed
             WHERE message.id = owed.id AND NOT twice
            """,
            old_id,
            new_id,
        )

    async def moved_to(self, chat_id: int) -> int | None:
        """Return the new id of a group that became a supergroup; None while it has not."""
        new_id: int | None = await self._connection.fetchval(
            "SELECT new_id FROM booking_desk.chat_moves WHERE old_id = $1", chat_id
        )
        return new_id

    async def of_revision(
        self, kind: str, booking_id: int | None, revision: int | None, *, limit: int
    ) -> Sequence[Message]:
        """Return the messages of this kind about one revision of the booking, the newest first."""
        rows = await self._connection.fetch(
            f"""
            SELECT {COLUMNS}
              FROM booking_desk.outbox
             WHERE booking_id = $2 AND kind = $1 AND revision = $3
             ORDER BY id DESC
             LIMIT $4
            """,
            kind,
            booking_id,
            revision,
            limit,
        )
        return [message_of(row) for row in rows]

    async def of_booking(self, kind: str, booking: Booking, *, limit: int) -> Sequence[Message]:
        """Return the messages of this kind about the booking, the newest first."""
        rows = await self._connection.fetch(
            f"""
            SELECT {COLUMNS}
              FROM booking_desk.outbox
             WHERE booking_id = $2 AND kind = $1 AND revision >= $3
             ORDER BY revision DESC, id DESC
             LIMIT $4
            """,
            kind,
            booking.id,
            booking.first_revision,
            limit,
        )
        return [message_of(row) for row in rows]

    async def of_person(self, kind: str, user_id: int, *, limit: int) -> Sequence[Message]:
        """Return the person's messages of this kind about existing bookings, the newest first.

        Only the person's newest MOST_FOUND messages are read.
        """
        rows = await self._connection.fetch(
            f"""
            SELECT {COLUMNS}
              FROM (SELECT * FROM booking_desk.outbox
                     WHERE chat_id = $2 AND kind = $1
                     ORDER BY id DESC
                     LIMIT {MOST_FOUND}) AS message
             WHERE EXISTS (SELECT FROM bookings
                            WHERE bookings.id = message.booking_id
                              AND bookings.first_revision <= message.revision)
             ORDER BY id DESC
             LIMIT {limit}
            """,
            kind,
            user_id,
        )
        return [message_of(row) for row in rows]

    async def move(self, message: Message, state: MessageState, reason: Reason | None) -> bool:
        """Queue or withdraw a message for an admin; return False if it has changed meanwhile."""
        status = await self._connection.execute(
            f"""
            WITH moved AS (
                UPDATE booking_desk.outbox
                   SET state = $2, reason = $3, due_at = now(), priority = {Priority.WAITED_FOR:d},
                       spent = CASE WHEN $2::text = 'queued' THEN attempts ELSE spent END,
                       maybe_twice = maybe_twice OR state = 'unknown',
                       ended_at = CASE WHEN $2::text = 'withdrawn' THEN now() END
                 WHERE id = $1 AND state = $4 AND attempts = $5 AND $4 = ANY($6)
                RETURNING id
            )
            SELECT pg_notify('booking_desk', 'outbox') FROM moved
            """,
            message.id,
            state,
            reason,
            message.state,
            message.attempts,
            sources_of(state),
        )
        return affected(status) == 1
