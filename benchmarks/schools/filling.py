"""Years of data of a school: bookings, people, messages, and the audit."""

from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

from benchmarks.support.databases import Databases

LAUNCH: Final = datetime.now(UTC).replace(hour=0, minute=0, second=0) - timedelta(days=548)
"""A day in the middle with 2 % of all bookings, where pages of lists are the hardest to find."""
REGULAR: Final = 7
"""The id of a person with about three thousand bookings."""
_TABLE: Final = """
    CREATE TABLE users (user_id bigint PRIMARY KEY, username text, first_name text);
    CREATE TABLE bookings (
        id serial PRIMARY KEY, user_id bigint NOT NULL, username text, first_name text,
        course_id integer, course_stream character varying(50), confirmed integer DEFAULT 0,
        created_at timestamptz DEFAULT now(), referral_code text,
        discount_percent integer DEFAULT 0
    )
"""
#: 3 % of the bookings are pending, 20 % cancelled, 7 % new, and the others confirmed. Each of the
#: four courses has three of the twelve streams; a thirteenth stream has only old bookings.
_BOOKINGS: Final = """
    INSERT INTO bookings (user_id, first_name, username, course_id, course_stream, confirmed,
                          created_at, referral_code, discount_percent)
    SELECT person,
           CASE person WHEN 1001 THEN 'Quirin Zywietz' ELSE first || ' ' || last END,
           CASE WHEN person % 10 < 7 THEN 'user_' || person END,
           1 + n % 4,
           CASE WHEN n % 12 = 0 AND n < $1 / 20 THEN 'ended' ELSE 'stream ' || 1 + n % 12 END,
           (array_fill(1, ARRAY[3]) || array_fill(-1, ARRAY[20]) || array_fill(0, ARRAY[7])
            || array_fill(2, ARRAY[70]))[1 + floor(random() * 100)::integer],
           CASE WHEN random() < 0.02
           THEN $2::timestamptz + random() * interval '1 day'
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
#: Waiting messages are tried again now and then; their last try was just now.
_SENT: Final = """
    WITH confirmed AS (
        SELECT id, user_id, created_at
          FROM bookings
         WHERE confirmed = 2 AND id > $1::bigint * 2 / 3
    ), sent AS (
        INSERT INTO booking_desk.outbox
               (kind, key, booking_id, revision, chat_id, sender, state, reason, attempts, due_at,
                created_at, ended_at)
        SELECT 'welcome', concat_ws(':', 'welcome', id, 2, user_id), id, 2, user_id, 'students',
               CASE WHEN late THEN 'waiting' ELSE 'sent' END,
               CASE WHEN late THEN 'blocked' END, 1, created_at, created_at,
               CASE WHEN late THEN now() ELSE created_at END
          FROM (SELECT *, id % greatest($1::bigint / 3000, 3) = 1 AS late FROM confirmed) AS each
    )
    INSERT INTO booking_desk.audit
           (booking_id, revision, user_id, action, actor_id, actor_name, at, confirmed_before,
            confirmed_after)
    SELECT id, 2, user_id, 'confirm', 11, 'Anna', created_at, 1, 2 FROM confirmed
"""


async def book(sql: asyncpg.Connection, bookings: int) -> None:
    """Make the school's own table, as it is before the desk."""
    await sql.execute(f"SELECT setseed(0.5); {_TABLE}")
    await sql.execute(_BOOKINGS, bookings, LAUNCH)


async def filled(databases: Databases, bookings: int) -> str:
    """Return the address of a school's database, with the desk's data for the last third."""

    async def welcome(sql: asyncpg.Connection) -> None:
        await sql.execute(_SENT, bookings)

    return await databases.made(welcome, before=lambda sql: book(sql, bookings))
