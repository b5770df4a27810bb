"""Lists by welcomes while several programs write at once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.connection import Connection
from db.database import Database
from db.models.filters import Filter
from db.models.lists import Cursor, Edge
from db.models.outbox import MessageState
from tests.db.lists.filtered.welcomed import COMBINED, DAY_ONE, INDEXED, STATES, owed
from tests.db.lists.walks import Walker

numbers = st.integers(1, 20)
few = st.integers(0, 3)
dates = st.none() | st.builds(lambda n: DAY_ONE + timedelta(days=n), st.integers(0, 5))
#: Writes of other programs, and changes of messages; a number alone is that of a booking whose
#: welcome the desk then owes.
writes = st.lists(
    st.tuples(st.just("INSERT INTO bookings (user_id, created_at) "
                      "SELECT 1, $1 FROM generate_series(0, $2)"), dates, few)
    | st.tuples(st.just("UPDATE bookings SET created_at = $1 WHERE id % 3 = $2"), dates, few)
    | st.tuples(st.just("UPDATE bookings SET confirmed = $1 WHERE id % 3 = $2"), few, few)
    | st.tuples(st.just("UPDATE bookings SET course_id = $1 WHERE id % 3 = $2"), few, few)
    | st.tuples(st.just("UPDATE bookings SET course_stream = 'stream_' || $1::integer "
                        "WHERE id % 3 = $2"), few, few)
    | st.tuples(st.just("UPDATE bookings SET discount_percent = $1, referral_code = "
                        "CASE $1::integer % 2 WHEN 0 THEN 'Code' END WHERE id % 3 = $2"), few, few)
    | st.tuples(st.just("DELETE FROM bookings WHERE id % 4 = $1"), few)
    | st.tuples(st.just("TRUNCATE bookings RESTART IDENTITY"))
    | st.tuples(st.just("UPDATE booking_desk.outbox SET state = $1 WHERE state <> 'sent' AND id = "
                        "(SELECT id FROM booking_desk.outbox ORDER BY id DESC OFFSET $2 LIMIT 1)"),
                st.sampled_from(MessageState), few)
    | numbers
    | numbers,
    max_size=20,
)  # fmt: skip


async def truth(sql: Connection, filter_: Filter) -> list[int]:
    """Return the expected bookings, found without an index."""
    rows = await sql.fetch(
        """
        SELECT id FROM bookings
         WHERE (SELECT state FROM booking_desk.outbox
                 WHERE booking_id = bookings.id AND revision >= first_revision
                   AND kind = 'welcome'
                 ORDER BY revision DESC LIMIT 1) = ANY($1)
           AND ($2::integer IS NULL OR confirmed = $2)
           AND ($3::integer IS NULL OR course_id = $3)
           AND ($4::text IS NULL OR course_stream = $4)
           AND ($5::text IS NULL OR lower(referral_code) = lower($5))
           AND ($6::boolean IS NULL OR (coalesce(discount_percent, 0) > 0) = $6)
         ORDER BY coalesce(created_at, 'epoch') DESC, id DESC
        """,
        filter_.welcome and STATES[filter_.welcome],
        filter_.status and filter_.status.code,
        filter_.course,
        filter_.stream,
        filter_.code,
        filter_.discount,
    )
    newest_first = [row["id"] for row in rows]
    return newest_first if filter_.newest_first else newest_first[::-1]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    made=st.lists(dates, min_size=10, max_size=20),
    first=writes,
    second=writes,
    looked_at=st.lists(st.sampled_from([*INDEXED, *COMBINED]), min_size=3, max_size=3),
)
async def test_the_lists_are_right_in_both_directions_whatever_programs_write(
    db: Database,
    dsn: str,
    sql: asyncpg.Connection,
    anna: Walker,
    made: list[datetime | None],
    first: list[Any],
    second: list[Any],
    looked_at: list[Filter],
) -> None:
    await sql.execute("TRUNCATE bookings RESTART IDENTITY; DELETE FROM booking_desk.outbox")
    await sql.execute(
        """
        INSERT INTO bookings
               (user_id, course_id, course_stream, confirmed, referral_code, created_at)
        SELECT 1, 1, 'stream_1', 2, 'code', unnest($1::timestamptz[])
        """,
        made,
    )
    for n in range(len(made)):
        await owed(db, n + 1)
    await sql.execute("UPDATE booking_desk.outbox SET state = 'sent' WHERE booking_id % 2 = 0")
    async with asyncpg.create_pool(dsn, min_size=2, max_size=2) as programs:
        for pair in zip(first, second, strict=False):
            await asyncio.gather(
                *(
                    owed(db, write) if isinstance(write, int) else programs.execute(*write)
                    for write in pair
                )
            )

    for filter_ in looked_at:
        expected = await truth(sql, filter_)
        booking_list = await anna.opens(filter_)
        assert booking_list.page.total == len(expected)
        assert await anna.walks(booking_list) == expected
        assert (
            await anna.walks_back(await anna.turns(booking_list.key, Cursor(Edge.LAST)))
            == expected
        )
