"""Schools as they are after years: bookings, people, what they were sent, and who decided."""

from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

from benchmarks.databases import Fill

LAUNCH: Final = datetime.now(UTC).replace(hour=0, minute=0, second=0) - timedelta(days=548)
"""A day in the middle, with a fiftieth of all bookings: the hardest place of a list."""
REGULAR: Final = 7
"""The id of a person with some three thousand bookings."""
_BOOKINGS: Final = """
    INSERT INTO bookings (user_id, first_name, username, course_id, course_stream, confirmed,
                          created_at, referral_code, discount_percent)
    SELECT person,
           CASE person WHEN 1001 THEN 'Quirin Zywietz' ELSE first || ' ' || last END,
           CASE WHEN person % 10 < 7 THEN 'user_' || person END,
           1 + n % 5,
           CASE WHEN n % 7 = 0 AND n < $1 / 20 THEN 'ended' ELSE 'stream ' || n % 7 END,
           (ARRAY[2, 2, 2, 2, 2, 2, 2, -1, -1, 1, 0])[1 + floor(random() * 11)::integer],
           CASE n % 50
           WHEN 0 THEN $2::timestamptz + random() * interval '1 day'
           ELSE now() - interval '3 years' * (1 - n::float / $1) - random() * interval '1 hour'
           END,
           CASE WHEN n % 5 = 0 THEN 'FRIEND' || n / 5 % 100 END,
           CASE WHEN n % 5 = 0 THEN 10 ELSE 0 END
      FROM generate_series(1, $1::bigint) AS n
     CROSS JOIN LATERAL (
           SELECT CASE WHEN n % greatest($1 / 3000, 3) = 0 THEN 7 ELSE 1000 + n / 4 END
                      AS person) AS booked
     CROSS JOIN LATERAL (
           SELECT (ARRAY['Anna', 'Мария', 'Иван', 'Vera', 'Bruno', 'Ольга', 'Liam', 'Елена'])
                      [1 + abs(hashint8(person)::bigint) % 8] AS first,
                  initcap(translate(lpad((person * 7919 % 50000)::text, 5, '0'),
                                    '0123456789', 'bakelimonu')) || 'sen' AS last) AS called
"""
# The trigger that learns names is made for a few at a time.
_NAMES: Final = """
    INSERT INTO booking_desk.names (user_id, name, is_username, learned)
    SELECT DISTINCT user_id, name, is_username, is_username
      FROM bookings
     CROSS JOIN LATERAL (VALUES (first_name, false), (username, true))
                     AS called (name, is_username)
     WHERE name IS NOT NULL
"""
_SENT: Final = """
    WITH confirmed AS (
        SELECT id, user_id, created_at
          FROM bookings
         WHERE confirmed = 2 AND id > $1::bigint * 2 / 3
    ), sent AS (
        INSERT INTO booking_desk.outbox
               (kind, booking_id, revision, chat_id, sender, state, reason, attempts, due_at,
                created_at, ended_at, listed_at)
        SELECT 'welcome', id, 2, user_id, 'students',
               CASE WHEN late THEN 'waiting' ELSE 'sent' END,
               CASE WHEN late THEN 'blocked' END, 1, created_at, created_at, created_at, created_at
          FROM (SELECT *, id % greatest($1::bigint / 3000, 3) = 1 AS late FROM confirmed) AS each
    )
    INSERT INTO booking_desk.audit
           (booking_id, revision, user_id, action, actor_id, actor_name, at, confirmed_before,
            confirmed_after, followed_at)
    SELECT id, 2, user_id, 'confirm', 11, 'Anna', created_at, 1, 2, now() FROM confirmed
"""


def filling(size: int) -> Fill:
    async def fill(sql: asyncpg.Connection) -> None:
        trigger = "TRIGGER booking_desk_learn_names_on_insert"
        await sql.execute(f"SELECT setseed(0.5); ALTER TABLE bookings DISABLE {trigger}")
        await sql.execute(_BOOKINGS, size, LAUNCH)
        await sql.execute(f"ALTER TABLE bookings ENABLE {trigger}")
        await sql.execute(_NAMES)
        await sql.execute(_SENT, size)
        await sql.execute("SELECT booking_desk.learn_words(NULL)")

    return fill
