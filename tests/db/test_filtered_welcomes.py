"""Lists by welcomes: what is in them, and where."""

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services.bookings.effects import owe_welcome
from db.connection import Connection
from db.database import Database, UnitOfWork
from db.models.bookings import BookingStatus
from db.models.filters import Filter
from db.models.lists import Cursor, Edge
from db.models.outbox import MessageState
from tests.db.owing import BOT, claim, welcome
from tests.db.walks import Walker, ids
from tests.db.welcomed import (
    ARRIVED,
    COMBINED,
    INDEXED,
    OWED,
    STATES,
    UNDELIVERED,
    WAITING,
    WALKED,
)
from tests.support.postgres import until_one_waits
from tests.support.school import MakeBooking

DAY_ONE = datetime(2026, 3, 1, tzinfo=UTC)
GONE = pytest.mark.parametrize(
    "gone", ["DELETE FROM bookings", "TRUNCATE bookings RESTART IDENTITY"]
)

numbers = st.integers(1, 20)
few = st.integers(0, 3)
dates = st.none() | st.builds(lambda n: DAY_ONE + timedelta(days=n), st.integers(0, 5))
#: What other programs write, and what becomes of the messages; a number alone is that of a booking
#: whose welcome the desk comes to owe.
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


async def owed(db: Database, booking_id: int) -> None:
    async with db.transaction() as uow:
        await owe(uow, booking_id)


async def owe(uow: UnitOfWork, booking_id: int) -> None:
    if booking := await uow.bookings.lock(booking_id):
        await owe_welcome(uow, booking, revision=booking.revision)


async def truth(sql: Connection, chosen: Filter) -> list[int]:
    """Return what is to be listed, found without an index."""
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
        chosen.welcome and STATES[chosen.welcome],
        chosen.status and chosen.status.code,
        chosen.course,
        chosen.stream,
        chosen.code,
        chosen.discount,
    )
    newest_first = [row["id"] for row in rows]
    return newest_first if chosen.newest_first else newest_first[::-1]


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

    for chosen in looked_at:
        expected = await truth(sql, chosen)
        shown = await anna.opens(chosen)
        assert shown.page.total == len(expected)
        assert await anna.walks(shown) == expected
        assert await anna.walks_back(await anna.turns(shown.key, Cursor(Edge.LAST))) == expected


@pytest.mark.parametrize(
    ("states", "listed"),
    [
        (("failed", "queued"), [UNDELIVERED]),
        (("sent", "sent"), [ARRIVED]),
        (("sent", "waiting"), [UNDELIVERED, WAITING]),
        (("unknown", "withdrawn"), []),
    ],
)
async def test_of_two_welcomes_of_a_booking_the_newest_counts(
    anna: Walker,
    db: Database,
    sql: asyncpg.Connection,
    make_booking: MakeBooking,
    states: tuple[str, str],
    listed: list[Filter],
) -> None:
    booking = await make_booking(confirmed=2)
    for revision in (2, 5):
        await welcome(db, booking, revision=revision)
    for revision, state in sorted(zip((2, 5), states, strict=True), reverse=True):
        await sql.execute("UPDATE booking_desk.outbox SET state = $1 WHERE revision = $2",
                          state, revision)  # fmt: skip

    for chosen in (UNDELIVERED, WAITING, ARRIVED):
        shown = await anna.opens(chosen)
        expected = [booking] if chosen in listed else []
        assert (ids(shown.page.items), shown.page.total) == (expected, len(expected))


async def test_a_welcome_that_a_worker_takes_writes_nothing_to_the_lists(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await welcome(db, await make_booking(confirmed=2))
    async with db.transaction() as uow:
        await uow.gates.build(BOT)
    written = "SELECT xmin::text, ctid::text FROM booking_desk.welcomes"
    before = await sql.fetchrow(written)

    [held] = await claim(db)
    async with db.transaction() as uow:
        await uow.queue.postpone(held, timedelta(0), reason=None)

    assert await sql.fetchrow(written) == before


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (
            "confirmed = -1",
            {"status": BookingStatus.CONFIRMED},
            {"status": BookingStatus.CANCELLED},
        ),
        ("course_id = 2", {"course": 1}, {"course": 2}),
        ("course_stream = 'west'", {"stream": "north"}, {"stream": "west"}),
        ("discount_percent = 10", {"discount": False}, {"discount": True}),
        ("referral_code = 'Örtlich'", {"code": "VERA"}, {"code": "örtlich"}),
    ],
)
async def test_a_booking_that_another_program_changes_goes_to_another_list_of_what_has_arrived(
    anna: Walker,
    db: Database,
    sql: asyncpg.Connection,
    make_booking: MakeBooking,
    change: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    booking = await make_booking(
        confirmed=2, course_id=1, course_stream="north", referral_code="vera"
    )
    await welcome(db, booking)
    await sql.execute("UPDATE booking_desk.outbox SET state = 'sent'")

    async def listed() -> list[list[int]]:
        lists = [replace(ARRIVED, **before), replace(ARRIVED, **after)]
        return [ids((await anna.opens(chosen)).page.items) for chosen in lists]

    assert await listed() == [[booking], []]
    await sql.execute(f"UPDATE bookings SET {change}")
    assert await listed() == [[], [booking]]


async def test_a_booking_whose_date_another_program_changes_is_listed_at_its_new_place(
    anna: Walker, db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    first, second, third = [
        await make_booking(created_at=DAY_ONE + timedelta(days=n)) for n in range(3)
    ]
    for booking in (first, second, third):
        await welcome(db, booking)
    await sql.execute("UPDATE booking_desk.outbox SET state = 'failed'")
    for date, expected in (
        (DAY_ONE - timedelta(days=1), [second, first, third]),
        (None, [second, first, third]),
        (DAY_ONE + timedelta(hours=1), [second, third, first]),
    ):
        await sql.execute("UPDATE bookings SET created_at = $1 WHERE id = $2", date, third)

        shown = await anna.opens(UNDELIVERED)

        assert ids(shown.page.items) == expected, date


async def test_what_changes_while_the_welcome_is_being_owed_counts(
    db: Database, dsn: str, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    first, second = await make_booking(), await make_booking()
    later = "UPDATE bookings SET created_at = '2099-01-01Z', course_stream = 'x' WHERE id = $1"

    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as program:
        async with program.acquire() as connection, connection.transaction():
            await connection.execute(later, first)
            owing = asyncio.create_task(owed(db, first))
            await until_one_waits(sql)
        await owing
        async with db.transaction() as uow:
            await owe(uow, second)
            changing = asyncio.create_task(program.execute(later, second))
            await until_one_waits(sql)
        await changing

    listed = await sql.fetch("SELECT DISTINCT listed_at, course_stream FROM booking_desk.welcomes")
    assert [(row["listed_at"].year, row["course_stream"]) for row in listed] == [(2099, "x")]


@GONE
async def test_a_booking_that_is_gone_is_in_no_list_and_its_successor_only_by_its_own_welcome(
    anna: Walker,
    db: Database,
    sql: asyncpg.Connection,
    make_booking: MakeBooking,
    gone: str,
) -> None:
    await make_booking(id=5)
    await welcome(db, 5)

    await sql.execute(gone)
    shown = await anna.opens(UNDELIVERED)
    assert (shown.page.items, shown.page.total) == ([], 0)

    await make_booking(id=5)
    await sql.execute("UPDATE bookings SET created_at = now() - interval '1 day'")
    shown = await anna.opens(UNDELIVERED)
    assert (shown.page.items, shown.page.total) == ([], 0)

    await welcome(db, 5, revision=4)
    shown = await anna.opens(UNDELIVERED)
    assert (ids(shown.page.items), shown.page.total) == ([5], 1)


async def test_what_else_is_chosen_is_found_behind_the_first_thousand(
    anna: Walker, sql: asyncpg.Connection
) -> None:
    await sql.execute(WALKED, 1200)
    await sql.execute("UPDATE bookings SET course_stream = 'rare' WHERE id <= 3")
    await sql.execute(OWED)
    chosen = replace(WAITING, stream="rare")

    shown = await anna.opens(chosen)

    assert (shown.page.items, str(shown.page.total)) == ([], "0+")
    assert await anna.walks(shown) == [3, 2, 1]
    await sql.execute("DELETE FROM bookings WHERE id > 999")
    assert (await anna.opens(chosen)).page.total == 3


async def test_a_walk_while_welcomes_arrive_and_others_are_owed_shows_every_one_that_waits_once(
    anna: Walker, sql: asyncpg.Connection
) -> None:
    await sql.execute(WALKED, 3000)
    await sql.execute(OWED)
    await sql.execute(
        "UPDATE booking_desk.outbox SET state = 'withdrawn' WHERE booking_id % 3 = 0"
    )
    seen_enough = asyncio.Event()
    delivering = asyncio.create_task(deliver(sql, seen_enough))

    seen = await anna.walks(await anna.opens(WAITING))
    seen_enough.set()
    await delivering

    waited = await sql.fetch("SELECT id FROM bookings WHERE id % 3 = 1")
    assert len(seen) == len(set(seen))
    assert {row["id"] for row in waited} <= set(seen)


async def deliver(sql: asyncpg.Connection, enough: asyncio.Event) -> None:
    """Deliver welcomes all over the list, and owe others."""
    for n in itertools.takewhile(lambda _: not enough.is_set(), itertools.count(1)):
        place = n * 7919 % 1000 * 3
        await sql.execute(
            "UPDATE booking_desk.outbox SET state = 'sent' WHERE booking_id = $1", place + 2
        )
        await sql.execute(f"{OWED} WHERE id = $1 ON CONFLICT DO NOTHING", place + 3)
