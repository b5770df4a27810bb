"""Messages that show a booking, and which of them have to be drawn again."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from db.connection import Connection
from db.models.copies import Copy, Shown
from db.models.outbox import Message

_SETTLED_AFTER: Final = timedelta(milliseconds=500)
"""Whoever changed the booking has their own copy drawn by then, and changes in a row are one."""
_LOOKED_AT: Final = 500
"""Due copies among which the first of each chat is sought."""


class CopyRepository:
    """The table `booking_desk.copies`: one row for each message with a card or a notice."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def drawn(self, chat_id: int, message_id: int, shown: Shown) -> None:
        """Note what a message shows from now on.

        It is due when that stops being true: at once if the booking has changed already.
        """
        await self._connection.execute(
            """
            INSERT INTO booking_desk.copies
                   (chat_id, message_id, booking_id, payload, language, due_at)
            VALUES ($1, $2, $3::bigint, $4, $5,
                    CASE WHEN EXISTS (SELECT FROM bookings
                                   WHERE id = $3::bigint AND revision <> $6::integer)
                         THEN clock_timestamp() ELSE $7::timestamptz END)
            ON CONFLICT (chat_id, message_id) DO UPDATE
               SET booking_id = excluded.booking_id, payload = excluded.payload, notice_id = NULL,
                   language = excluded.language, due_at = excluded.due_at, leased_until = NULL,
                   drawn_at = excluded.drawn_at
            """,
            chat_id,
            message_id,
            shown.booking_id,
            shown.payload,
            shown.language,
            shown.revision,
            shown.until,
        )

    async def sent(self, notice: Message, message_id: int) -> None:
        """Note that a notice about a booking has been sent as this message.

        It is drawn again soon, because what it says may change while that is being noted.
        """
        await self._connection.execute(
            """
            INSERT INTO booking_desk.copies
                   (chat_id, message_id, booking_id, notice_id, due_at)
            VALUES ($1, $2, $3, $4, clock_timestamp() + $5::interval)
            ON CONFLICT DO NOTHING
            """,
            notice.chat_id,
            message_id,
            notice.booking_id,
            notice.id,
            _SETTLED_AFTER,
        )

    async def touch(self, *booking_ids: int) -> None:
        """Have all copies of the bookings drawn again, soon after this transaction."""
        await self._connection.execute(
            """
            WITH due AS (
                UPDATE booking_desk.copies
                   SET due_at = CASE WHEN leased_until IS NULL
                                     THEN least(due_at, clock_timestamp() + $2::interval)
                                     ELSE clock_timestamp() + $2::interval END
                 WHERE booking_id = ANY ($1::bigint[])
                    OR notice_id = ANY (ARRAY(SELECT lead_id FROM booking_desk.notices
                                               WHERE booking_id = ANY ($1::bigint[])))
                RETURNING booking_id
            )
            SELECT pg_notify('booking_desk', 'copies') FROM due LIMIT 1
            """,
            booking_ids,
            _SETTLED_AFTER,
        )

    async def touch_gone(self) -> None:
        """Have all cards of bookings that are deleted drawn again, soon after this transaction.

        Whatever deletes bookings does not wait for this.
        """
        await self._connection.execute(
            """
            WITH due AS (
                UPDATE booking_desk.copies AS copy
                   SET due_at = clock_timestamp()
                 WHERE due_at IS NULL AND payload IS NOT NULL
                   AND NOT EXISTS (SELECT FROM bookings WHERE id = copy.booking_id)
                RETURNING booking_id
            )
            SELECT pg_notify('booking_desk', 'copies') FROM due LIMIT 1
            """
        )

    async def take(self, chat_id: int, message_id: int) -> bool:
        """Forget the copy, because somebody's press draws another screen on the message.

        Returns:
            Whether that can be drawn now; not while a worker draws.
        """
        free: bool = await self._connection.fetchval(
            """
            WITH taken AS (
                DELETE FROM booking_desk.copies
                 WHERE chat_id = $1 AND message_id = $2
                   AND (leased_until IS NULL OR leased_until < clock_timestamp())
                RETURNING chat_id
            )
            SELECT EXISTS (SELECT FROM taken)
                OR NOT EXISTS (SELECT FROM booking_desk.copies
                                WHERE chat_id = $1 AND message_id = $2)
            """,
            chat_id,
            message_id,
        )
        return free

    async def claim(
        self, *, resting: Collection[int], limit: int, lease: timedelta
    ) -> Sequence[Copy]:
        """Claim due copies, at most one of each chat and none of the chats that rest."""
        rows = await self._connection.fetch(
            """
            WITH due AS (
                SELECT chat_id, message_id, due_at
                  FROM booking_desk.copies
                 WHERE due_at <= clock_timestamp() AND chat_id <> ALL ($1::bigint[])
                   AND (leased_until IS NULL OR leased_until < clock_timestamp())
                 ORDER BY due_at
                 LIMIT $2
            ),
            first AS (
                SELECT DISTINCT ON (chat_id) chat_id, message_id
                  FROM due
                 ORDER BY chat_id, due_at
            ),
            free AS (
                SELECT chat_id, message_id
                  FROM booking_desk.copies JOIN first USING (chat_id, message_id)
                 WHERE leased_until IS NULL OR leased_until < clock_timestamp()
                 LIMIT $3
                   FOR UPDATE OF copies SKIP LOCKED
            )
            UPDATE booking_desk.copies AS copy
               SET leased_until = clock_timestamp() + $4::interval
              FROM free
             WHERE copy.chat_id = free.chat_id AND copy.message_id = free.message_id
            RETURNING copy.chat_id, copy.message_id, copy.booking_id, copy.payload,
                      copy.notice_id, copy.language, copy.due_at
            """,
            list(resting),
            _LOOKED_AT,
            limit,
            lease,
        )
        return [Copy(**row) for row in rows]

    async def settle(self, copy: Copy, *, again: datetime | None) -> None:
        """Note that a claimed copy is drawn, and when to draw it again by itself.

        What has touched it meanwhile stays to be done.
        """
        await self._connection.execute(
            """
            UPDATE booking_desk.copies
               SET due_at = CASE WHEN due_at = $3 THEN $4::timestamptz ELSE due_at END,
                   leased_until = NULL
             WHERE chat_id = $1 AND message_id = $2
            """,
            copy.chat_id,
            copy.message_id,
            copy.due_at,
            again,
        )

    async def forget(self, copy: Copy) -> None:
        """Forget a copy that cannot be drawn any more."""
        await self._connection.execute(
            "DELETE FROM booking_desk.copies WHERE chat_id = $1 AND message_id = $2",
            copy.chat_id,
            copy.message_id,
        )

    async def forget_old(self, age: timedelta, *, limit: int) -> None:
        """Forget copies drawn so long ago; their buttons still act on nothing that has changed."""
        await self._connection.execute(
            """
            DELETE FROM booking_desk.copies
             WHERE (chat_id, message_id) IN (SELECT chat_id, message_id
                                               FROM booking_desk.copies
                                              WHERE drawn_at < now() - $1::interval
                                              ORDER BY drawn_at
                                              LIMIT $2
                                                FOR UPDATE SKIP LOCKED)
            """,
            age,
            limit,
        )

    async def seconds_to_next(self, *, resting: Collection[int] = ()) -> float | None:
        """Return the seconds until a copy is due, at least 0; None if none will be by itself.

        Those of the chats that rest are left out.
        """
        seconds: float | None = await self._connection.fetchval(
            """
            SELECT extract(epoch FROM min(due_at) - clock_timestamp())::float
              FROM booking_desk.copies
             WHERE due_at IS NOT NULL AND chat_id <> ALL ($1::bigint[])
               AND (leased_until IS NULL OR leased_until < clock_timestamp())
            """,
            list(resting),
        )
        return None if seconds is None else max(0.0, seconds)
