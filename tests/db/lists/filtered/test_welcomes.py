"""Lists by welcomes: their bookings, and their order."""

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from db.database import Database
from db.models.bookings import BookingStatus
from db.models.filters import Filter
from tests.db.lists.filtered.welcomed import (
    ARRIVED,
    DAY_ONE,
    OWED,
    UNDELIVERED,
    WAITING,
    WALKED,
    owe,
    owed,
)
from tests.db.lists.walks import Walker, ids
from tests.db.outbox.owing import BOT, claim, welcome
from tests.support.postgres import until_one_waits
from tests.support.school import MakeBooking

GONE = pytest.mark.parametrize(
    "gone", ["DELETE FROM bookings", "TRUNCATE bookings RESTART IDENTITY"]
)


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

    for filter_ in (UNDELIVERED, WAITING, ARRIVED):
        booking_list = await anna.opens(filter_)
        expected = [booking] if filter_ in listed else []
        assert (ids(booking_list.page.items), booking_list.page.total) == (expected, len(expected))


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
        return [ids((await anna.opens(filter_)).page.items) for filter_ in lists]

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

        booking_list = await anna.opens(UNDELIVERED)

        assert ids(booking_list.page.items) == expected, date


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
    booking_list = await anna.opens(UNDELIVERED)
    assert (booking_list.page.items, booking_list.page.total) == ([], 0)

    await make_booking(id=5)
    await sql.execute("UPDATE bookings SET created_at = now() - interval '1 day'")
    booking_list = await anna.opens(UNDELIVERED)
    assert (booking_list.page.items, booking_list.page.total) == ([], 0)

    await welcome(db, 5, revision=4)
    booking_list = await anna.opens(UNDELIVERED)
    assert (ids(booking_list.page.items), booking_list.page.total) == ([5], 1)


async def test_what_else_is_chosen_is_found_behind_the_first_thousand(
    anna: Walker, sql: asyncpg.Connection
) -> None:
    await sql.execute(WALKED, 1200)
    await sql.execute("UPDATE bookings SET course_stream = 'rare' WHERE id <= 3")
    await sql.execute(OWED)
    filter_ = replace(WAITING, stream="rare")

    booking_list = await anna.opens(filter_)

    assert (booking_list.page.items, str(booking_list.page.total)) == ([], "0+")
    assert await anna.walks(booking_list) == [3, 2, 1]
    await sql.execute("DELETE FROM bookings WHERE id > 999")
    assert (await anna.opens(filter_)).page.total == 3


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
    """Deliver welcomes all over the list, and owe new ones."""
    for n in itertools.takewhile(lambda _: not enough.is_set(), itertools.count(1)):
        place = n * 7919 % 1000 * 3
        await sql.execute(
            "UPDATE booking_desk.outbox SET state = 'sent' WHERE booking_id = $1", place + 2
        )
        await sql.execute(f"{OWED} WHERE id = $1 ON CONFLICT DO NOTHING", place + 3)
