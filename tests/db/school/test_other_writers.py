"""A school's other programs keep writing, and the desk notices their changes."""

import asyncio
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.bookings.external import ExternalChangeService
from bot.services.people import PersonService
from db.database import Database
from db.errors import DatabaseUnavailable
from db.models.audit import Actor
from db.models.bookings import BookingStatus
from db.models.outbox import Reason
from tests.db.school.contents import welcomes

ANNA: Final = Actor(id=11, name="Anna")
UNFOLLOWED: Final = "SELECT count(*) FROM booking_desk.external_changes"
OLD_COLUMNS: Final = [
    "id",
    "user_id",
    "username",
    "first_name",
    "course_id",
    "confirmed",
    "created_at",
    "referral_code",
    "discount_percent",
    "course_stream",
]


async def test_the_student_bot_books_and_takes_receipts_as_before(
    student_bot: asyncpg.Connection,
) -> None:
    booking = await student_bot.fetchval(
        """
        INSERT INTO bookings (user_id, username, first_name, course_id, referral_code)
        VALUES (13, 'vera', 'Vera', 1, NULL)
        RETURNING id
        """
    )
    await student_bot.execute("UPDATE bookings SET confirmed = 1 WHERE id = $1", booking)
    row = await student_bot.fetchrow("SELECT * FROM bookings WHERE id = $1", booking)

    assert booking == 613
    assert tuple(row)[:6] == (613, 13, "vera", "Vera", 1, 1)
    assert tuple(row)[7:] == (None, 0, "4th_stream", 2, 1)


async def test_an_insert_that_names_no_columns_goes_on_working(
    student_bot: asyncpg.Connection,
) -> None:
    await student_bot.execute(
        "INSERT INTO bookings VALUES (700, 13, 'vera', 'Vera', 1, 0, now(), NULL, 0, '9th_stream')"
    )
    await student_bot.execute("INSERT INTO users VALUES (13, 'vera', 'Vera', now(), now())")

    row = await student_bot.fetchrow(
        "SELECT first_name, course_stream, revision FROM bookings WHERE id = 700"
    )
    assert tuple(row) == ("Vera", "9th_stream", 1)


async def test_whatever_other_writers_do_to_bookings_goes_on_working(
    student_bot: asyncpg.Connection,
) -> None:
    upsert = """
        INSERT INTO bookings (id, user_id, confirmed) VALUES (1, 13, 1)
        ON CONFLICT (id) DO UPDATE SET confirmed = excluded.confirmed, course_stream = 'other'
    """
    record = (701, 13, "vera", "Vera", 1, 0, None, None, 0, "copied")

    assert await student_bot.execute("UPDATE bookings SET confirmed = -1") == "UPDATE 612"
    assert await student_bot.execute("DELETE FROM bookings WHERE id > 600") == "DELETE 12"
    assert await student_bot.execute(upsert) == "INSERT 0 1"
    await student_bot.copy_records_to_table("bookings", records=[record], columns=OLD_COLUMNS)
    assert await student_bot.fetchval("SELECT count(*) FROM bookings") == 601


async def test_a_new_stream_is_learned_from_whoever_books_it(
    adopted: Database, student_bot: asyncpg.Connection
) -> None:
    await student_bot.execute(
        "INSERT INTO bookings (user_id, course_id, course_stream) VALUES (13, 1, '9th_stream')"
    )
    await student_bot.execute("UPDATE bookings SET course_stream = 'tenth' WHERE id = 1")

    async with adopted.snapshot() as uow:
        booking = await uow.bookings.get(2)
        assert booking is not None
        streams = await uow.streams.open_of(booking.course_id, beside=booking.course_stream)
    assert [stream.code for stream in streams[:2]] == ["tenth", "9th_stream"]


async def test_what_others_confirm_while_the_desk_is_down_owes_one_welcome(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")

    await ExternalChangeService(adopted).follow()
    await ExternalChangeService(adopted).follow()

    assert await welcomes(school) == [(5, "queued", None)]


async def test_who_is_owed_a_welcome_can_be_changed_and_deleted_as_before(
    student_bot: asyncpg.Connection, adopted: Database
) -> None:
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
    await ExternalChangeService(adopted).follow()

    changed = await student_bot.execute("UPDATE bookings SET created_at = now() WHERE id = 5")
    assert changed == "UPDATE 1"
    assert await student_bot.execute("DELETE FROM bookings WHERE id = 5") == "DELETE 1"


async def test_a_booking_confirmed_and_then_moved_while_the_desk_is_down_owes_one_welcome(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
    await student_bot.execute("UPDATE bookings SET course_stream = '5th_stream' WHERE id = 5")

    await ExternalChangeService(adopted).follow()

    assert await welcomes(school) == [(5, "queued", None)]


async def test_a_booking_confirmed_twice_while_the_desk_is_down_owes_one_welcome(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    for code in (2, -1, 2):
        await student_bot.execute("UPDATE bookings SET confirmed = $1 WHERE id = 5", code)

    await ExternalChangeService(adopted).follow()

    assert await welcomes(school) == [(5, "queued", None)]


@pytest.mark.parametrize(
    ("code", "reason"),
    [(-1, Reason.CANCELLED), (1, Reason.NOT_CONFIRMED), (7, Reason.NOT_CONFIRMED)],
)
async def test_what_others_take_back_while_the_desk_is_down_withdraws_the_welcome(
    student_bot: asyncpg.Connection,
    adopted: Database,
    school: asyncpg.Connection,
    code: int,
    reason: Reason,
) -> None:
    await BookingService(Desk(adopted, Staff({ANNA.id})), grace=timedelta(0)).confirm(
        5, revision=1, by=ANNA
    )

    await student_bot.execute("UPDATE bookings SET confirmed = $1 WHERE id = 5", code)
    await ExternalChangeService(adopted).follow()

    assert await welcomes(school) == [(5, "withdrawn", reason)]


async def test_a_booking_of_nobody_that_others_confirm_keeps_no_welcome_from_anybody(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("ALTER TABLE bookings ALTER user_id DROP NOT NULL")
    await student_bot.execute("UPDATE bookings SET user_id = NULL WHERE id = 5")
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 20")

    await ExternalChangeService(adopted).follow()

    assert await welcomes(school) == [(20, "queued", None)]
    assert await school.fetchval(UNFOLLOWED) == 0


async def test_an_admin_confirms_a_booking_of_nobody(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("ALTER TABLE bookings ALTER user_id DROP NOT NULL")
    await school.execute("UPDATE bookings SET user_id = NULL WHERE id = 5")
    desk = Desk(adopted, Staff({ANNA.id}))

    card = await BookingService(desk, grace=timedelta(0)).confirm(5, revision=2, by=ANNA)
    page = await PersonService(desk).page(5, by=ANNA)

    assert card.booking.status is BookingStatus.CONFIRMED
    assert page.bookings == []
    assert await welcomes(school) == []


async def test_a_change_that_cannot_be_followed_keeps_no_welcome_from_anybody(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("ALTER TABLE booking_desk.outbox ADD CHECK (booking_id <> 5)")
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id IN (5, 20)")

    await ExternalChangeService(adopted).follow()

    assert await welcomes(school) == [(20, "queued", None)]
    assert await school.fetchval(UNFOLLOWED) == 0


async def test_a_booking_that_another_program_holds_keeps_no_welcome_from_anybody(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id IN (5, 20)")

    async with school.transaction():
        await school.execute("SELECT FROM bookings WHERE id = 5 FOR UPDATE")
        async with asyncio.timeout(3):
            await ExternalChangeService(adopted).follow()
        held = await welcomes(school)
    await ExternalChangeService(adopted).follow()

    assert held == [(20, "queued", None)]
    assert sorted(await welcomes(school)) == [(5, "queued", None), (20, "queued", None)]


async def test_an_error_that_may_pass_leaves_changes_for_later_beside_one_that_cannot_be_followed(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute(
        """
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE SQLSTATE '40P01';
        END $$;
        CREATE TRIGGER passing BEFORE INSERT ON booking_desk.outbox
            FOR EACH ROW WHEN (new.booking_id = 20) EXECUTE FUNCTION fail();
        ALTER TABLE booking_desk.outbox ADD CHECK (booking_id <> 5);
        """
    )
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 20")

    with pytest.raises(DatabaseUnavailable):
        await ExternalChangeService(adopted).follow()
    waiting = await school.fetchval(UNFOLLOWED)
    await school.execute("DROP TRIGGER passing ON booking_desk.outbox")
    await ExternalChangeService(adopted).follow()

    assert waiting == 2
    assert await welcomes(school) == [(20, "queued", None)]


async def test_what_others_confirm_and_take_back_while_the_desk_is_down_owes_nothing(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    for code in (2, -1):
        await student_bot.execute("UPDATE bookings SET confirmed = $1 WHERE id = 5", code)

    await ExternalChangeService(adopted).follow()

    assert await welcomes(school) == []


async def test_a_booking_confirmed_before_and_moved_since_owes_nothing(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    await student_bot.execute("UPDATE bookings SET course_stream = '5th_stream' WHERE id = 1")

    await ExternalChangeService(adopted).follow()

    assert await school.fetchval(UNFOLLOWED) == 0
    assert await welcomes(school) == []
