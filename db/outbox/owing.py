"""Messages owed to people, from the change that owes them to their end.

A method that changes the state leaves alone what may not take it; see `MESSAGE_TRANSITIONS`.
"""

import json
from collections.abc import Sequence, Set
from datetime import timedelta
from typing import Final

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

_OWE: Final = """
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
         WHERE message.state = 'withdrawn' AND message.reason IN ('settled', 'readdressed')
        RETURNING id
    )
    SELECT pg_notify('booking_desk', 'outbox') FROM owed
     WHERE $9::interval <= $10::interval
"""


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

        A message that was settled or readdressed was never sent, so it is owed again. The commit
        notifies the delivery worker, unless the delay is so long that the worker will find the
        message anyway.
        """
        await self._connection.execute(
            _OWE,
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

    async def withdraw_from_others(self, kind: str, booking: Booking) -> timedelta:
        """Withdraw this kind's messages about the booking that are for anybody but its person.

        Returns:
            How much time the last of them had left.
        """
        left: timedelta = await self._connection.fetchval(
            """
            -- Only what is queued has time left; in other states it is that of a claim.
            WITH others AS (
                SELECT id, CASE state WHEN 'queued' THEN due_at ELSE now() END AS due_at
                  FROM booking_desk.outbox
                 WHERE booking_id = $2 AND kind = $1 AND chat_id IS DISTINCT FROM $3
                   AND state IN ('queued', 'waiting', 'failed')
                   FOR UPDATE
            ),
            withdrawn AS (
                UPDATE booking_desk.outbox AS message
                   SET state = 'withdrawn', reason = 'readdressed', ended_at = now()
                  FROM others
                 WHERE message.id = others.id
            )
            SELECT greatest(max(due_at) - now(), interval '0') FROM others
            """,
            kind,
            booking.id,
            booking.user_id,
        )
        return left

    async def list_anew(self, booking: Booking) -> None:
        """Let lists know what has become of the welcome to whom the booking is now."""
        await self._connection.execute(
            """
            UPDATE booking_desk.welcomes AS listed
               SET state = booking_desk.welcome_state(coalesce(
                       (SELECT state FROM booking_desk.outbox AS message
                         WHERE message.kind = 'welcome' AND message.booking_id = $1
                           AND message.revision = listed.revision AND message.chat_id = $2),
                       'withdrawn'))
             WHERE listed.booking_id = $1
            """,
            booking.id,
            booking.user_id,
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

    async def wake(self, *chat_ids: int) -> int:
        """Queue the messages that wait for these people; return their number."""
        woken: int = await self._connection.fetchval(
            f"""
            WITH woken AS (
                UPDATE booking_desk.outbox
                   SET state = 'queued', due_at = now(), spent = attempts, reason = NULL,
                       ended_at = NULL, priority = {Priority.WAITED_FOR:d}
                 WHERE chat_id = ANY($1::bigint[]) AND state = 'waiting'
                RETURNING id
            )
            SELECT count(pg_notify('booking_desk', 'outbox')) FROM woken
            """,
            chat_ids,
        )
        return woken

    async def told(self, kind: str, subject: str, chats: Set[int]) -> Sequence[int]:
        """Return which of the chats, whatever their ids are now, may know of this message."""
        rows = await self._connection.fetch(
            """
            WITH chat AS (
                SELECT unnest($3::bigint[]) AS id
                UNION
                SELECT new_id FROM booking_desk.chat_moves WHERE old_id = ANY($3)
            )
            SELECT chat_id FROM booking_desk.outbox
             WHERE key IN (SELECT concat_ws(':', $1::text, $2::text, id) FROM chat)
               AND state IN ('sending', 'sent', 'unknown')
            """,
            kind,
            subject,
            list(chats),
        )
        return [row["chat_id"] for row in rows]

    async def recall(self, kinds: Set[str], *, admins: Set[int]) -> None:
        """Queue the messages of these kinds that wait for anybody but `admins`.

        Groups do not wait.
        """
        await self._connection.execute(
            """
            UPDATE booking_desk.outbox
               SET state = 'queued', due_at = now(), spent = attempts, ended_at = NULL
             WHERE state = 'waiting' AND kind = ANY($1) AND chat_id <> ALL($2::bigint[])
            """,
            list(kinds),
            list(admins),
        )

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
        """Return the messages of this kind about the booking, the newest first.

        Of those about one revision, what its person is sent comes before what another was.
        """
        rows = await self._connection.fetch(
            f"""
            SELECT {COLUMNS}
              FROM booking_desk.outbox
             WHERE booking_id = $2 AND kind = $1 AND revision >= $3
             ORDER BY revision DESC, chat_id = $5 DESC, id DESC
             LIMIT $4
            """,
            kind,
            booking.id,
            booking.first_revision,
            limit,
            booking.user_id,
        )
        return [message_of(row) for row in rows]

    async def of_person(self, kind: str, user_id: int | None, *, limit: int) -> Sequence[Message]:
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
        """Queue or end a message for an admin; return False if it has changed meanwhile."""
        status = await self._connection.execute(
            f"""
            WITH moved AS (
                UPDATE booking_desk.outbox
                   SET state = $2, reason = $3, due_at = now(), priority = {Priority.WAITED_FOR:d},
                       spent = CASE WHEN $2::text = 'queued' THEN attempts ELSE spent END,
                       maybe_twice = maybe_twice OR state = 'unknown' AND $2::text <> 'sent',
                       ended_at = CASE WHEN $2::text <> 'queued' THEN now() END
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
