"""The streams that the database learns from bookings, whichever program writes them."""

import asyncpg
import pytest

from db.database import Database
from db.models.bookings import Booking
from tests.support.school import MakeBooking


@pytest.mark.parametrize("course", [None, 1])
@pytest.mark.parametrize("stream", [None, "north"])
async def test_a_stream_is_learned_when_its_course_is_known(
    sql: asyncpg.Connection, make_booking: MakeBooking, course: int | None, stream: str | None
) -> None:
    await make_booking(course_id=course, course_stream=stream)
    await make_booking(course_id=course, course_stream=stream)

    courses = await sql.fetchval("SELECT count(*) FROM booking_desk.courses")
    streams = await sql.fetchval("SELECT count(*) FROM booking_desk.streams")
    assert courses == (0 if course is None else 1)
    assert streams == (0 if course is None or stream is None else 1)


async def test_a_stream_that_was_named_or_closed_stays_so(
    sql: asyncpg.Connection, db: Database, make_booking: MakeBooking
) -> None:
    booking = await make_booking(course_stream="north")
    await sql.execute("UPDATE booking_desk.streams SET name = 'North', is_open = false")

    await make_booking(course_stream="north")
    await sql.execute("UPDATE bookings SET confirmed = 2")

    async with db.snapshot() as uow:
        read: Booking | None = await uow.bookings.get(booking)
    assert read is not None
    assert read.stream_name == "North"
    assert not await sql.fetchval("SELECT bool_or(is_open) FROM booking_desk.streams")
