"""Notices to admins: which share a message, and who writes to students out of reach."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final

from db.connection import Connection, affected
from db.models.audit import Actor
from db.models.outbox import UNREACHED, Message
from db.outbox.messages import COLUMNS, message_of

_LOOKED_AT: Final = 500
"""The newest notices of a chat, among which those that are queued are sought."""
_LEADS_LOOKED_AT: Final = 10


class NoticeRepository:
    """The tables `booking_desk.notices` and `booking_desk.writers`.

    A notice whose news another one has taken over is withdrawn as merged; that one is its lead.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def messages(self, notice_id: int) -> Sequence[Message]:
        """Return the messages to students that a notice, and those merged into it, are about."""
        rows = await self._connection.fetch(
            f"""
            WITH notice AS (
                SELECT * FROM booking_desk.outbox
                 WHERE id = $1 OR id IN (SELECT notice_id FROM booking_desk.notices
                                          WHERE lead_id = $1)
            )
            SELECT {COLUMNS}
              FROM (SELECT message.*, notice.id AS notice_id
                      FROM notice JOIN booking_desk.outbox AS message
                        ON message.booking_id = notice.booking_id
                       AND message.kind = notice.payload->>'kind'
                       AND message.revision = notice.revision
                       AND message.chat_id = (notice.payload->>'student')::bigint) AS told
             ORDER BY notice_id <> $1, notice_id
            """,
            notice_id,
        )
        return [message_of(row) for row in rows]

    async def gathered(self, notice_id: int) -> Sequence[Message]:
        """Return the notice and those that are merged into it, oldest first."""
        rows = await self._connection.fetch(
            f"""
            SELECT {COLUMNS} FROM booking_desk.outbox
             WHERE id = $1 OR id IN (SELECT notice_id FROM booking_desk.notices
                                      WHERE lead_id = $1)
             ORDER BY id
            """,
            notice_id,
        )
        return [message_of(row) for row in rows]

    async def lead(self, notice: Message, *, young: timedelta) -> int | None:
        """Return the notice of the same kind that can take this one's news over, and lock it.

        It is not read yet, or was sent so lately. One that another transaction holds is left out,
        so nobody waits for anybody; at worst the chat hears one message more.
        """
        lead: int | None = await self._connection.fetchval(
            """
            WITH newest AS (
                SELECT notice_id FROM booking_desk.notices
                 WHERE chat_id = $1 AND notice_id = lead_id
                 ORDER BY notice_id DESC
                 LIMIT $4
            )
            SELECT id
              FROM booking_desk.outbox
             WHERE id IN (SELECT notice_id FROM newest) AND kind = $5
               AND NOT EXISTS (SELECT FROM newest WHERE notice_id = $2)
               AND (state IN ('queued', 'sending', 'waiting')
                    OR (state = 'sent' AND ended_at > now() - $3::interval
                        AND EXISTS (SELECT FROM booking_desk.copies WHERE notice_id = id)))
             ORDER BY id DESC
             LIMIT 1
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            notice.chat_id,
            notice.id,
            young,
            _LEADS_LOOKED_AT,
            notice.kind,
        )
        return lead

    async def begin(self, notice: Message) -> None:
        """Make the notice a lead, and let it take over what is queued for its chat."""
        await self._gather(notice.id, notice)

    async def join(self, lead_id: int, notice: Message) -> None:
        """Add the notice to its lead, together with what else is queued for the chat.

        A lead that is in the chat already is drawn again.
        """
        await self._gather(lead_id, notice)
        await self._connection.execute(
            """
            WITH due AS (
                UPDATE booking_desk.copies SET due_at = clock_timestamp()
                 WHERE notice_id = $1
                RETURNING notice_id
            )
            SELECT pg_notify('booking_desk', 'copies') FROM due
            """,
            lead_id,
        )

    async def _gather(self, lead_id: int, notice: Message) -> None:
        await self._connection.execute(
            """
            WITH newest AS (
                SELECT id FROM booking_desk.outbox
                 WHERE chat_id = $3::bigint AND kind = $5 ORDER BY id DESC LIMIT $6
            ),
            queued AS (
                SELECT id, booking_id
                  FROM booking_desk.outbox
                 WHERE id IN (SELECT id FROM newest) AND id <> $2::bigint
                   AND state = 'queued' AND booking_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM booking_desk.notices WHERE notice_id = id)
                   FOR UPDATE SKIP LOCKED
            ),
            merged AS (
                UPDATE booking_desk.outbox AS message
                   SET state = 'withdrawn', reason = 'merged', ended_at = now()
                  FROM queued
                 WHERE message.id = queued.id
            )
            INSERT INTO booking_desk.notices (notice_id, lead_id, chat_id, booking_id)
            SELECT id, $1::bigint, $3::bigint, booking_id FROM queued
             UNION ALL
            SELECT $2::bigint, $1::bigint, $3::bigint, $4::bigint
            ON CONFLICT DO NOTHING
            """,
            lead_id,
            notice.id,
            notice.chat_id,
            notice.booking_id,
            notice.kind,
            _LOOKED_AT,
        )

    async def part(self, lead_id: int) -> None:
        """Queue again the students whom a lead has taken over, because nobody reads it there.

        The news of a booking is not told again.
        """
        await self._connection.execute(
            """
            WITH parted AS (
                DELETE FROM booking_desk.notices
                 WHERE lead_id = $1 AND notice_id <> $1
                RETURNING notice_id
            ),
            queued AS (
                UPDATE booking_desk.outbox AS message
                   SET state = 'queued', reason = NULL, due_at = now(), ended_at = NULL
                  FROM parted
                 WHERE message.id = parted.notice_id AND message.kind = $2
                   AND message.state = 'withdrawn' AND message.reason = 'merged'
                RETURNING message.id
            )
            SELECT pg_notify('booking_desk', 'outbox') FROM queued LIMIT 1
            """,
            lead_id,
            UNREACHED,
        )

    async def writers(self, messages: Collection[int]) -> Mapping[int, Actor]:
        """Return who writes to the students of these messages, by message."""
        rows = await self._connection.fetch(
            """
            SELECT message_id, admin_id AS id, admin_name AS name
              FROM booking_desk.writers
             WHERE message_id = ANY($1::bigint[])
            """,
            list(messages),
        )
        return {row["message_id"]: Actor(id=row["id"], name=row["name"]) for row in rows}

    async def take(self, message_id: int, by: Actor) -> Actor:
        """Let `by` write to the student of the message, unless another does; return who does."""
        row = await self._connection.fetchrow(
            """
            INSERT INTO booking_desk.writers AS writer (message_id, admin_id, admin_name)
            VALUES ($1, $2, $3)
            ON CONFLICT (message_id) DO UPDATE SET message_id = excluded.message_id
            RETURNING admin_id AS id, admin_name AS name
            """,
            message_id,
            by.id,
            by.name,
        )
        return Actor(**row)

    async def leave(self, message_id: int, by: Actor) -> bool:
        """Take back that `by` writes to the student; False if another one does."""
        status = await self._connection.execute(
            "DELETE FROM booking_desk.writers WHERE message_id = $1 AND admin_id = $2",
            message_id,
            by.id,
        )
        return affected(status) == 1
