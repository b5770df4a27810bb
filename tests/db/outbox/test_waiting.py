"""How long messages wait to leave, which is asked every few seconds."""

import asyncpg

from db.outbox.messages import MessageRepository
from tests.support.postgres import plan_of
from tests.support.school import VERA_ID


async def test_what_waits_is_found_without_reading_the_history(sql: asyncpg.Connection) -> None:
    await sql.execute(
        """
        INSERT INTO booking_desk.outbox (kind, key, chat_id, sender, state, due_at)
        SELECT 'word', n, $1, 'desk',
               CASE n % 1000 WHEN 0 THEN 'queued' WHEN 1 THEN 'sending' ELSE 'sent' END, now()
          FROM generate_series(1, 20000) AS n
        """,
        VERA_ID,
    )
    await sql.execute("ANALYZE booking_desk.outbox")

    state = await MessageRepository(sql).queue()
    plan = await plan_of(sql, MessageRepository(sql).queue())

    assert state.size == 40
    assert plan.rows_read("outbox") <= 40
