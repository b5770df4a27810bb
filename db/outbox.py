"""Messages owed to students, from the change that owes them to their end."""

from collections.abc import Sequence
from datetime import timedelta

from db.connection import Connection, Record
from db.models import Claim, Message, MessageKind, MessageState, Reason


class OutboxRepository:
    """The table `booking_desk.outbox`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def owe(
        self, kind: MessageKind, *, booking_id: int, user_id: int, revision: int
    ) -> None:
        """Owe the student a message for one revision of the booking; a second time is nothing.

        Whoever delivers is told when this transaction commits.
        """
        await self._connection.execute(
            """
            WITH owed AS (
                INSERT INTO booking_desk.outbox (booking_id, user_id, kind, revision)
                VALUES ($1, $2, $3, $4)
                ON CONFLICT DO NOTHING
                RETURNING id
            )
            SELECT pg_notify('booking_desk', 'outbox') FROM owed
            """,
            booking_id,
            user_id,
            kind,
            revision,
        )

    async def withdraw(self, booking_id: int, *, reason: Reason) -> int:
        """Withdraw what the booking's student has not been sent yet; return how many."""
        status = await self._connection.execute(
            """
            UPDATE booking_desk.outbox
               SET state = 'withdrawn', reason = $2, ended_at = now()
             WHERE booking_id = $1 AND state IN ('queued', 'waiting')
            """,
            booking_id,
            reason,
        )
        return _affected(status)

    async def claim(self, limit: int, *, lease: timedelta) -> Sequence[Claim]:
        """Take up to `limit` due messages for `lease`, the longest due first.

        No two workers hold a message at once (SKIP LOCKED). One that dies loses its
        messages when the lease ends, so such a message may be sent twice: once is not
        promised, at least once is.
        """
        rows = await self._connection.fetch(
            """
            WITH due AS (
                SELECT id
                  FROM booking_desk.outbox
                 WHERE state IN ('queued', 'sending') AND due_at <= now()
                 ORDER BY due_at, id
                 LIMIT $1
                   FOR UPDATE SKIP LOCKED
            ), claimed AS (
                UPDATE booking_desk.outbox AS message
                   SET state = 'sending', due_at = now() + $2, attempts = attempts + 1
                  FROM due
                 WHERE message.id = due.id
                RETURNING message.*
            )
            SELECT claimed.id, booking_id, claimed.user_id, kind, attempts,
                   now() AS claimed_at, person.language
              FROM claimed
              LEFT JOIN booking_desk.people AS person ON person.user_id = claimed.user_id
             ORDER BY claimed.id
            """,
            limit,
            lease,
        )
        return [Claim(**{**row, "kind": MessageKind(row["kind"])}) for row in rows]

    async def end(
        self,
        claim: Claim,
        state: MessageState,
        *,
        reason: Reason | None = None,
        text: str | None = None,
        telegram_message_id: int | None = None,
    ) -> bool:
        """Write how the claimed attempt ended; False when the claim is not held any more."""
        status = await self._connection.execute(
            """
            UPDATE booking_desk.outbox
               SET state = $3, reason = $4, text = $5, telegram_message_id = $6,
                   ended_at = CASE WHEN $3::text = 'waiting' THEN NULL ELSE now() END
             WHERE id = $1 AND state = 'sending' AND attempts = $2
            """,
            claim.id,
            claim.attempts,
            state,
            reason,
            text,
            telegram_message_id,
        )
        return _affected(status) == 1

    async def postpone(
        self, claim: Claim, delay: timedelta, *, reason: Reason, counts: bool = True
    ) -> None:
        """Give the claim back, due after `delay`; with `counts` false it was no attempt."""
        await self._connection.execute(
            """
            UPDATE booking_desk.outbox
               SET state = 'queued', due_at = now() + $3, reason = $4,
                   attempts = attempts - CASE WHEN $5::boolean THEN 0 ELSE 1 END
             WHERE id = $1 AND state = 'sending' AND attempts = $2
            """,
            claim.id,
            claim.attempts,
            delay,
            reason,
            counts,
        )

    async def wake(self, user_id: int) -> int:
        """Queue what has been waiting for this person; return how many messages."""
        woken: int = await self._connection.fetchval(
            """
            WITH woken AS (
                UPDATE booking_desk.outbox
                   SET state = 'queued', due_at = now(), attempts = 0, reason = NULL
                 WHERE user_id = $1 AND state = 'waiting'
                RETURNING id
            )
            SELECT count(pg_notify('booking_desk', 'outbox')) FROM woken
            """,
            user_id,
        )
        return woken

    async def latest(self, booking_id: int, kind: MessageKind) -> Message | None:
        row = await self._connection.fetchrow(
            """
            SELECT id, booking_id, user_id, kind, state, reason, due_at, ended_at
              FROM booking_desk.outbox
             WHERE booking_id = $1 AND kind = $2
             ORDER BY revision DESC
             LIMIT 1
            """,
            booking_id,
            kind,
        )
        if row is None:
            return None
        return _message(row)


def _message(row: Record) -> Message:
    return Message(
        id=row["id"],
        booking_id=row["booking_id"],
        user_id=row["user_id"],
        kind=MessageKind(row["kind"]),
        state=MessageState(row["state"]),
        reason=row["reason"] and Reason(row["reason"]),
        due_at=row["due_at"],
        ended_at=row["ended_at"],
    )


def _affected(status: str) -> int:
    """Return the row count of a command's status, such as "UPDATE 1"."""
    return int(status.rpartition(" ")[2])
