"""The bot's data about a person, and which of it must not be overwritten."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from bot.services.students import StudentService
from db.database import Database
from db.models.bookings import Reachability
from db.models.people import Start
from tests.support.school import VERA_ID, MakeBooking

A_WHILE = timedelta(hours=1)
BOT, OTHER_BOT = 1001, 1002


async def start(db: Database, *, ago: timedelta = timedelta(0)) -> None:
    at = datetime.now(UTC) - ago
    async with db.transaction() as uow:
        start = Start(user_id=VERA_ID, first_name="Vera", username=None, language="en", at=at)
        await uow.people.note_starts([start])


async def block(db: Database, *, ago: timedelta) -> None:
    async with db.transaction() as uow:
        await uow.people.blocked(VERA_ID, at=datetime.now(UTC) - ago)


@pytest.fixture
def students(db: Database) -> StudentService:
    return StudentService(db, bot_id=BOT, grace=timedelta(0), rate=25)


async def starts(students: StudentService, person: int, *, bot: int = BOT) -> None:
    await students.start(
        person, first_name="Vera", username=None, language="en", at=datetime.now(UTC), bot_id=bot
    )


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


async def test_a_crowd_is_noted_and_woken_in_one_transaction(
    db: Database, sql: asyncpg.Connection, students: StudentService
) -> None:
    crowd = range(VERA_ID, VERA_ID + 20)
    await sql.execute(
        "INSERT INTO booking_desk.outbox (kind, key, chat_id, sender, state, reason, ended_at)"
        " SELECT 'welcome', id, id, 'students', 'waiting', 'blocked', now()"
        "   FROM unnest($1::bigint[]) AS id",
        [*crowd],
    )

    await asyncio.gather(
        *(starts(students, person, bot=OTHER_BOT) for person in crowd),
        *(starts(students, person) for person in crowd),
        *(starts(students, person, bot=OTHER_BOT) for person in crowd),
    )

    noted = await sql.fetch(
        "SELECT count(*), count(DISTINCT xmin::text), min(reachability), max(reachability)"
        " FROM booking_desk.people"
    )
    assert [tuple(row) for row in noted] == [(20, 1, "reachable", "reachable")]
    assert await sql.fetchval("SELECT min(state) FROM booking_desk.outbox") == "queued"


async def test_the_later_of_a_start_and_a_block_counts_however_late_and_in_what_order_they_come(
    db: Database,
) -> None:
    await start(db, ago=2 * A_WHILE)
    await block(db, ago=A_WHILE)
    assert await reachability(db) is Reachability.BLOCKED

    await start(db, ago=2 * A_WHILE)
    assert await reachability(db) is Reachability.BLOCKED

    await start(db)
    await block(db, ago=A_WHILE)
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
    usernames = "SELECT name FROM booking_desk.all_names WHERE is_username"
    await make_booking(username=written)
    await make_booking(username="@Nonesuch")
    as_written = await sql.fetch(usernames)
    await sql.execute(
        "DELETE FROM booking_desk.new_names; INSERT INTO booking_desk.unread_names VALUES (0)"
    )
    async with db.transaction() as uow:
        await uow.names.read(limit=None)

    assert [tuple(row) for row in as_written] == [("Nonesuch",)]
    assert [tuple(row) for row in await sql.fetch(usernames)] == [("Nonesuch",)]


async def test_names_are_known_before_they_are_learned_and_once_afterwards(
    db: Database, booking: int, sql: asyncpg.Connection
) -> None:
    for name, username in (("Faith", "@faith"), ("Faith", "hope"), ("Vera", "@hope")):
        await sql.execute("UPDATE bookings SET first_name = $1, username = $2", name, username)
    seen = []

    for _ in range(2):
        async with db.transaction() as uow:
            names = await uow.names.of_person(VERA_ID, limit=9)
            found = await uow.names.people_by_username("HOPE", limit=9)
            begun = await uow.names.people_by_username_start("fai", limit=9)
            await uow.names.learn(limit=None)
        seen.append(([(name.name, name.since) for name in names], found, begun))

    assert seen[0] == seen[1]
    assert {name for name, _ in seen[0][0]} >= {"Faith", "Vera", "faith", "hope"}
    assert seen[0][1:] == ([VERA_ID], [VERA_ID])
    assert await sql.fetchval("SELECT count(*) FROM booking_desk.new_names") == 0


async def test_names_are_not_known_while_another_program_learns_them(
    db: Database, booking: int
) -> None:
    async with db.transaction() as other, db.transaction() as uow:
        await other.names.learn(limit=None)
        await uow.names.learn(limit=None)

        assert not await uow.names.are_known()

    async with db.transaction() as uow:
        assert await uow.names.are_known()
