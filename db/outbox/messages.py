"""The outbox as admins read it: groups of messages, and one message's history."""

import json
from collections.abc import Sequence
from typing import Final

from db.connection import Connection, Record
from db.lists.keyset import comparison, direction, in_order
from db.models.counts import MOST_FOUND, counted
from db.models.lists import START, Cursor
from db.models.outbox import (
    ALERT,
    OUT_OF_REACH,
    Attempt,
    GroupKey,
    Message,
    MessageGroup,
    MessageState,
    Priority,
    QueueState,
    Reason,
    sources_of,
)

COLUMNS: Final = """
    id, kind, payload, booking_id, revision, chat_id, state, reason, attempts,
    attempts - spent AS tries, done, telegram_message_ids, due_at, text, maybe_twice, created_at,
    ended_at
"""
"""The columns that `message_of` reads."""

_IS_UNDELIVERED: Final = "state IN ('queued', 'sending', 'unknown', 'waiting', 'failed')"


class MessageRepository:
    """Reads `booking_desk.outbox` and `booking_desk.attempts`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, message_id: int) -> Message | None:
        row = await self._connection.fetchrow(
            f"SELECT {COLUMNS} FROM booking_desk.outbox WHERE id = $1::bigint", message_id
        )
        return message_of(row) if row else None

    async def attempts(self, message_id: int, *, limit: int) -> Sequence[Attempt]:
        """Return the ended attempts, the newest first."""
        rows = await self._connection.fetch(
            """
            SELECT attempt, at, state, reason, detail
              FROM booking_desk.attempts
             WHERE message_id = $1
             ORDER BY at DESC
             LIMIT $2
            """,
            message_id,
            limit,
        )
        return [_attempt(row) for row in rows]

    async def groups(self) -> Sequence[MessageGroup]:
        """Count the undelivered messages by state and reason, the largest groups first."""
        rows = await self._connection.fetch(
            f"""
            SELECT state, reason, count(*) AS n
              FROM booking_desk.outbox
             WHERE {_IS_UNDELIVERED}
             GROUP BY state, reason
             ORDER BY n DESC, state, reason
            """
        )
        return [
            MessageGroup(
                key=GroupKey(MessageState(row["state"]), row["reason"] and Reason(row["reason"])),
                count=row["n"],
            )
            for row in rows
        ]

    async def page(self, group: GroupKey, cursor: Cursor, *, limit: int) -> Sequence[Message]:
        """Return up to `limit` messages of the group at the cursor, the newest first."""
        rows = await self._connection.fetch(
            f"""
            SELECT {COLUMNS}
              FROM booking_desk.outbox
             WHERE {_members(group)} AND {_beside(cursor)}
             ORDER BY id {direction(cursor.edge, newest_first=True)}
             LIMIT {limit}
            """,
            cursor.id,
        )
        return in_order([message_of(row) for row in rows], cursor.edge)

    async def count(self, group: GroupKey, cursor: Cursor = START) -> int:
        """Count the group's messages at the cursor and beyond, up to MOST_FOUND."""
        n: int = await self._connection.fetchval(
            f"""
            SELECT count(*)
              FROM (SELECT FROM booking_desk.outbox
                     WHERE {_members(group)} AND {_beside(cursor)}
                     LIMIT {MOST_FOUND}) AS counted
            """,
            cursor.id,
        )
        return counted(n)

    async def some_twice(self, group: GroupKey) -> bool:
        """Whether an earlier attempt of a message in the group may have arrived."""
        found: bool = await self._connection.fetchval(
            f"""
            SELECT EXISTS (SELECT FROM booking_desk.outbox
                            WHERE {_members(group)} AND maybe_twice)
            """
        )
        return found

    async def queue_group(self, group: GroupKey, *, limit: int) -> int:
        """Queue up to `limit` messages of a group again, behind those of normal priority.

        Returns:
            The number of messages.
        """
        n: int = await self._connection.fetchval(
            f"""
            WITH queued AS (
                UPDATE booking_desk.outbox
                   SET state = 'queued', reason = NULL, spent = attempts, due_at = now(),
                       ended_at = NULL, priority = {Priority.BULK:d},
                       maybe_twice = maybe_twice OR state = 'unknown'
                 WHERE id IN (SELECT id FROM booking_desk.outbox
                               WHERE {_members(group)} AND state = ANY($2)
                               ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
                RETURNING id
            ), told AS (SELECT pg_notify('booking_desk', 'outbox') FROM queued LIMIT 1)
            SELECT count(*) FROM queued LEFT JOIN told ON true
            """,
            limit,
            sources_of(MessageState.QUEUED),
        )
        return n

    async def queue(self) -> QueueState:
        """Return the present state of delivery; what the desk says of itself is left out."""
        row = await self._connection.fetchrow(
            """
            SELECT current_setting('server_version') AS server_version,
                   count(*) AS size,
                   min(since) AS oldest,
                   now() - min(since) AS waited,
                   (SELECT max(paused_until) FROM booking_desk.gates
                     WHERE paused_until > now()) AS paused_until
              FROM booking_desk.outbox AS message
             CROSS JOIN LATERAL (
                    SELECT coalesce((SELECT min(at) FROM booking_desk.attempts
                                      WHERE message.reason IS NOT NULL
                                        AND message_id = message.id AND attempt > message.spent),
                                    departed_at, due_at) AS since) AS wait
             WHERE kind <> $1 AND (state = 'sending' OR state = 'queued'
                                   AND (due_at <= now() OR reason IS NOT NULL))
            """,
            ALERT,
        )
        return QueueState(**row)

    async def last_error(self) -> Attempt | None:
        """Return the last attempt that did not send, unless the recipient is out of reach."""
        row = await self._connection.fetchrow(
            """
            SELECT attempt, at, state, reason, detail
              FROM booking_desk.attempts
             WHERE reason IS NOT NULL AND state <> 'withdrawn' AND reason <> ALL($1)
             ORDER BY at DESC
             LIMIT 1
            """,
            list(OUT_OF_REACH),
        )
        return _attempt(row) if row else None


def _members(group: GroupKey) -> str:
    """Return the SQL condition of a group, with literals, so that partial indexes fit."""
    reason = "IS NULL" if group.reason is None else f"= '{group.reason}'"
    return f"state = '{group.state}' AND reason {reason}"


def _beside(cursor: Cursor) -> str:
    compare = comparison(cursor.edge, newest_first=True)
    return f"id {compare} $1" if compare else "$1::bigint IS NULL"


def message_of(row: Record) -> Message:
    """Return the message in a row of COLUMNS."""
    return Message(
        id=row["id"],
        kind=row["kind"],
        payload=json.loads(row["payload"]),
        booking_id=row["booking_id"],
        revision=row["revision"],
        chat_id=row["chat_id"],
        state=MessageState(row["state"]),
        reason=row["reason"] and Reason(row["reason"]),
        attempts=row["attempts"],
        tries=row["tries"],
        done=row["done"],
        telegram_message_ids=row["telegram_message_ids"],
        due_at=row["due_at"],
        text=row["text"],
        maybe_twice=row["maybe_twice"],
        created_at=row["created_at"],
        ended_at=row["ended_at"],
    )


def _attempt(row: Record) -> Attempt:
    return Attempt(
        **{
            **row,
            "state": MessageState(row["state"]),
            "reason": row["reason"] and Reason(row["reason"]),
        }
    )
