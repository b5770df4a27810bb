"""The notes of the database itself about a booking, whichever program writes it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from db.bookings import BookingRepository
from db.database import Database
from db.decisions.audit import AuditRepository
from db.models.audit import Actor, Change, LogFilter, Period
from db.models.bookings import BookingAction, BookingStatus
from db.models.lists import START
from tests.support.school import MakeBooking

ANNA: Final = Actor(id=11, name="Anna")


@pytest.fixture
def bookings(db: Database) -> BookingService:
    return BookingService(Desk(db, Staff({ANNA.id})), grace=timedelta(0))


async def revision(sql: asyncpg.Connection, booking: int) -> int:
    return int(await sql.fetchval("SELECT revision FROM bookings WHERE id = $1", booking))


async def unfollowed(db: Database) -> Sequence[Change]:
    """Return the changes that the desk has not followed up, as it will find them."""
    async with db.transaction() as uow:
        return await uow.audit.take_external(100)


async def test_a_booking_begins_at_the_first_revision(
    sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    assert await revision(sql, await make_booking()) == 1


@pytest.mark.parametrize(
    "change",
    [
        "confirmed = 2",
        "confirmed = NULL",
        "course_id = 2",
        "course_stream = 'south'",
        "first_name = 'Faith'",
        "username = 'faith'",
        "created_at = '2020-01-01'",
        "discount_percent = 5",
        "referral_code = 'FRIEND'",
    ],
)
async def test_a_revision_rises_with_every_change(
    sql: asyncpg.Connection, make_booking: MakeBooking, change: str
) -> None:
    booking, other = await make_booking(), await make_booking()

    await sql.execute(f"UPDATE bookings SET {change} WHERE id = $1", booking)

    assert await revision(sql, booking) == 2
    assert await revision(sql, other) == 1


async def test_a_revision_rises_with_the_desks_own_changes(
    bookings: BookingService, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    booking = await make_booking()

    card = await bookings.confirm(booking, revision=1, by=ANNA)

    assert card.booking.revision == await revision(sql, booking) == 2


async def test_a_write_that_changes_nothing_makes_no_button_stale(
    sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    booking = await make_booking(confirmed=1)

    await sql.execute("UPDATE bookings SET confirmed = 1, course_stream = course_stream")

    assert await revision(sql, booking) == 1


async def test_nobody_sets_a_revision_back(
    sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await sql.execute("UPDATE bookings SET confirmed = 2")

    await sql.execute("UPDATE bookings SET confirmed = 1, revision = 1")

    assert await revision(sql, booking) == 3


async def test_a_change_of_another_program_waits_to_be_followed(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    booking = await make_booking(confirmed=1, course_stream="north")

    await sql.execute("UPDATE bookings SET confirmed = 2, course_stream = 'south'")

    [change] = await unfollowed(db)
    assert (change.booking_id, change.revision) == (booking, 2)
    assert change.action is BookingAction.EXTERNAL
    assert change.actor is None
    assert change.status_before is BookingStatus.PENDING
    assert change.status_after is BookingStatus.CONFIRMED
    assert (change.before.course_stream, change.after.course_stream) == ("north", "south")


@pytest.mark.parametrize(
    "change",
    [
        "confirmed = NULL",
        "confirmed = 7",
        "course_id = NULL",
        "course_id = 2",
        "course_stream = NULL",
    ],
)
async def test_place_and_status_are_what_a_change_is_about(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking, change: str
) -> None:
    await make_booking()

    await sql.execute(f"UPDATE bookings SET {change}")

    assert len(await unfollowed(db)) == 1


@pytest.mark.parametrize("change", ["first_name = 'Faith'", "discount_percent = 5"])
async def test_what_needs_no_following_is_not_recorded(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking, change: str
) -> None:
    await make_booking()

    await sql.execute(f"UPDATE bookings SET {change}")

    assert await unfollowed(db) == []


async def test_one_statement_may_change_many_bookings(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    ids = [await make_booking(confirmed=code) for code in (1, 1, 2)]

    await sql.execute("UPDATE bookings SET confirmed = 2")

    assert [change.booking_id for change in await unfollowed(db)] == ids[:2]


async def test_changes_of_one_transaction_are_each_recorded(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await make_booking(confirmed=1)

    async with sql.transaction():
        await sql.execute("UPDATE bookings SET confirmed = 2")
        await sql.execute("UPDATE bookings SET confirmed = -1")

    changes = await unfollowed(db)
    assert [change.revision for change in changes] == [2, 3]
    assert changes[-1].status_after is BookingStatus.CANCELLED


async def test_what_is_rolled_back_never_happened(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    booking = await make_booking()

    transaction = sql.transaction()
    await transaction.start()
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await transaction.rollback()

    assert await unfollowed(db) == []
    assert await revision(sql, booking) == 1


async def test_the_desks_own_changes_are_not_taken_for_anothers(
    bookings: BookingService, db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    booking = await make_booking(confirmed=1)

    await bookings.confirm(booking, revision=1, by=ANNA)

    assert await unfollowed(db) == []
    actions = await sql.fetch("SELECT action, actor_name FROM booking_desk.log")
    assert list(map(tuple, actions)) == [("confirm", "Anna")]


async def test_the_log_is_the_same_before_and_after_a_change_is_followed(
    bookings: BookingService, db: Database, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(confirmed=0)
    await sql.execute("UPDATE bookings SET confirmed = 1")
    await bookings.confirm(booking, revision=2, by=ANNA)
    await sql.execute("UPDATE bookings SET course_stream = 'south'")

    async def read() -> Sequence[Sequence[object]]:
        audit = AuditRepository(sql)
        week = LogFilter(period=Period.WEEK)
        page = await audit.page(week, START, limit=9)
        of_booking = await audit.page(LogFilter(booking=booking), START, limit=9)
        counted = [await audit.count(week), await audit.count(LogFilter(actor=ANNA.id))]
        changes = [change._replace(age=timedelta(0)) for change in [*page, *of_booking]]
        return [changes, counted, [change.revision for change in page]]

    before = await read()
    assert len(await unfollowed(db)) == 2

    assert await read() == before
    assert before[1:] == [[3, 1], [4, 3, 2]]


async def test_a_number_that_was_deleted_unseen_goes_on_above_what_waits_to_be_followed(
    sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await sql.execute("SET session_replication_role = replica; DELETE FROM bookings")
    await sql.execute("RESET session_replication_role")

    await make_booking(id=booking)

    assert await sql.fetchval("SELECT first_revision FROM bookings") == 3


async def test_a_change_is_followed_once_by_however_many_desks(
    db: Database, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    await make_booking()
    await sql.execute("UPDATE bookings SET confirmed = 2")

    async with db.transaction() as first, db.transaction() as second:
        taken = [await first.audit.take_external(100), await second.audit.take_external(100)]

    assert [len(changes) for changes in taken] == [1, 0]
    assert await unfollowed(db) == []


async def test_the_desk_is_told_of_anothers_change_at_once(
    dsn: str, sql: asyncpg.Connection, make_booking: MakeBooking
) -> None:
    topics: asyncio.Queue[str] = asyncio.Queue()
    listener = await asyncpg.connect(dsn)
    await listener.add_listener("booking_desk", lambda *heard: topics.put_nowait(heard[-1]))
    await make_booking(confirmed=1)

    await sql.execute("UPDATE bookings SET first_name = 'Faith'")
    await sql.execute("NOTIFY booking_desk, 'nothing so far'")
    await sql.execute("UPDATE bookings SET confirmed = 2")

    async with asyncio.timeout(20):
        assert await topics.get() == "nothing so far"
        assert await topics.get() == "external"
    await listener.close()


async def test_the_newest_confirmation_is_found_whatever_else_changes(
    sql: asyncpg.Connection, db: Database, make_booking: MakeBooking
) -> None:
    booking_id = await make_booking(confirmed=1)
    newest = []
    for change in ("confirmed = 2", "confirmed = -1", "confirmed = 2", "course_stream = 'south'"):
        await sql.execute(f"UPDATE bookings SET {change}")
        booking = await BookingRepository(sql).get(booking_id)
        assert booking is not None
        newest.append(await AuditRepository(sql).newest_confirmation(booking))

    assert newest == [2, 2, 4, 4]
