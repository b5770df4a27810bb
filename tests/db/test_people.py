"""The bot's data about a person, and which of it must not be overwritten."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from db.database import Database
from db.models.bookings import Reachability
from tests.support.school import VERA_ID, MakeBooking

A_WHILE = timedelta(hours=1)


async def start(db: Database) -> None:
    async with db.transaction() as uow:
        await uow.people.note_start(VERA_ID, first_name="Vera", username=None, language="en")


async def not_reached(db: Database, *, since: datetime) -> bool:
    async with db.transaction() as uow:
        return await uow.people.out_of_reach(VERA_ID, Reachability.BLOCKED, since=since)


async def reachability(db: Database) -> Reachability:
    """Return what the person's booking says about them."""
    async with db.snapshot() as uow:
        [booking] = await uow.bookings.of_person(VERA_ID, limit=1)
    return booking.reachability


@pytest.fixture(autouse=True)
async def booking(make_booking: MakeBooking) -> int:
    return await make_booking(user_id=VERA_ID)


async def test_nobody_is_known_to_be_reachable_before_they_are_met(db: Database) -> None:
    assert await reachability(db) is Reachability.UNKNOWN

    await start(db)

    assert await reachability(db) is Reachability.REACHABLE


async def test_a_person_never_met_can_be_found_out_of_reach(db: Database) -> None:
    assert await not_reached(db, since=datetime.now(UTC))

    assert await reachability(db) is Reachability.BLOCKED


async def test_a_failed_attempt_that_began_after_the_start_counts(db: Database) -> None:
    await start(db)

    assert await not_reached(db, since=datetime.now(UTC) + A_WHILE)

    assert await reachability(db) is Reachability.BLOCKED


async def test_a_failed_attempt_that_began_before_the_start_is_old_news(db: Database) -> None:
    await start(db)

    assert not await not_reached(db, since=datetime.now(UTC) - A_WHILE)

    assert await reachability(db) is Reachability.REACHABLE


async def test_of_two_attempts_that_fail_together_both_count(db: Database) -> None:
    began = datetime.now(UTC) - A_WHILE

    assert [await not_reached(db, since=began) for _ in range(2)] == [True, True]


@pytest.mark.parametrize("written", ["None", "@none", " null "])
async def test_the_word_for_no_username_is_nobodys_username(
    db: Database, make_booking: MakeBooking, sql: asyncpg.Connection, written: str
) -> None:
    usernames = "SELECT name FROM booking_desk.names WHERE is_username"
    await make_booking(username=written)
    await make_booking(username="@Nonesuch")
    as_written = await sql.fetch(usernames)
    await sql.execute(
        "DELETE FROM booking_desk.names; INSERT INTO booking_desk.unread_names VALUES (0)"
    )
    async with db.transaction() as uow:
        await uow.names.read(limit=None)

    assert [tuple(row) for row in as_written] == [("Nonesuch",)]
    assert [tuple(row) for row in await sql.fetch(usernames)] == [("Nonesuch",)]
