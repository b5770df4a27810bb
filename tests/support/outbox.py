"""Messages in the outbox, as a test needs them."""

import asyncpg

from tests.support.school import VERA_ID


async def put(
    sql: asyncpg.Connection, booking: int, state: str, reason: str | None = None, count: int = 1
) -> None:
    """Insert welcomes to Vera in this state."""
    await sql.execute(
        """
        INSERT INTO booking_desk.outbox
               (kind, key, booking_id, revision, chat_id, sender, state, reason, attempts,
                ended_at, telegram_message_ids)
        SELECT 'welcome', concat_ws(':', 'welcome', $1::bigint, revision, $2::bigint),
               $1, revision, $2, 'students', $3, $4, 1, now(),
               CASE WHEN $3 = 'sent' THEN ARRAY[revision::bigint] ELSE '{}' END
          FROM generate_series(100, 99 + $5::integer) AS revision
        """,
        booking,
        VERA_ID,
        state,
        reason,
        count,
    )


async def state_of(sql: asyncpg.Connection, message: int = 1) -> tuple[str, str | None]:
    row = await sql.fetchrow(
        "SELECT state, reason FROM booking_desk.outbox WHERE id = $1", message
    )
    return row["state"], row["reason"]
