"""A booking that an admin adds under a number that another booking had."""

from datetime import UTC, datetime

import asyncpg

from db.database import Database
from db.models.adding.drafts import NewBooking, Person
from db.models.audit import Actor
from db.models.bookings import BookingAction
from tests.support.school import MakeBooking

ANNA = Actor(id=7, name="Anna")
NEW = NewBooking(
    person=Person(user_id=4242, first_name="Vera"),
    course_id=1,
    course_stream="north",
    confirmed=1,
    created_at=datetime(2026, 9, 1, tzinfo=UTC),
)


async def deleted(sql: asyncpg.Connection, make_booking: MakeBooking) -> int:
    """Let a booking with some history go, and its number come again."""
    number = await make_booking()
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await sql.execute("TRUNCATE bookings RESTART IDENTITY")
    return number


async def test_one_booking_is_returned_with_the_revision_that_it_has(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    number = await deleted(sql, make_booking)

    async with db.transaction() as uow:
        added = await uow.adding.insert(NEW)
        await uow.audit.record(BookingAction.ADD, added._replace(confirmed=None), added, by=ANNA)

    assert added.id == number
    assert added.revision == added.first_revision == 4
    row = await sql.fetchrow("SELECT revision, first_revision FROM bookings")
    assert tuple(row) == (4, 4)


async def test_of_many_each_is_returned_with_the_revision_that_it_has(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    number = await deleted(sql, make_booking)

    async with db.transaction() as uow:
        added = await uow.adding.insert_all([NEW, NEW])

    assert added == [(number, 4), (number + 1, 1)]
