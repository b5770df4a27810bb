"""The school's table of users, which has columns and rules of its own."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

import asyncpg
import pytest
from structlog.testing import capture_logs

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.bookings.external import ExternalChangeService
from db.database import Database
from db.errors import reason_of
from db.models.audit import Actor
from db.models.bookings import BookingStatus
from tests.db.school.contents import welcomes

ANNA: Final = Actor(id=11, name="Anna")


async def test_a_user_who_cannot_follow_costs_nobody_a_welcome(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("ALTER TABLE users ADD CHECK (course_stream <> '3rd_stream') NOT VALID")
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id IN (5, 6, 7)")
    confirmed = await school.fetchval("SELECT count(*) FROM booking_desk.log")

    await ExternalChangeService(adopted).follow()

    assert len(await welcomes(school)) == confirmed > 0


async def test_a_users_row_that_another_program_holds_keeps_no_welcome_from_anybody(
    student_bot: asyncpg.Connection, adopted: Database, school: asyncpg.Connection
) -> None:
    await student_bot.execute("UPDATE bookings SET confirmed = 2 WHERE id = 5")
    user_id = await school.fetchval("SELECT user_id FROM bookings WHERE id = 5")

    async with school.transaction():
        await school.execute("SELECT FROM users WHERE user_id = $1 FOR UPDATE", user_id)
        await ExternalChangeService(adopted).follow()

    assert await welcomes(school) == [(5, "queued", None)]


async def test_the_users_row_of_a_school_follows_a_confirmation(
    adopted: Database, school: asyncpg.Connection
) -> None:
    user_id = await school.fetchval("SELECT user_id FROM bookings WHERE id = 5")
    await school.execute("DELETE FROM users WHERE user_id = $1", user_id)
    assert await school.fetchval("SELECT count(course_stream) FROM users") == 0

    await BookingService(Desk(adopted, Staff({ANNA.id})), grace=timedelta(0)).confirm(
        5, revision=1, by=ANNA
    )

    followed = await school.fetch(
        "SELECT user_id, course_stream FROM users WHERE course_stream IS NOT NULL"
    )
    assert list(map(tuple, followed)) == [(user_id, "3rd_stream")]


@pytest.mark.parametrize(
    ("rule", "followed"),
    [
        ("ALTER TABLE users ADD phone text NOT NULL DEFAULT ''; "
         "ALTER TABLE users ALTER phone DROP DEFAULT", True),
        ("ALTER TABLE users ADD CHECK (course_stream <> '3rd_stream') NOT VALID", False),
    ],
    ids=["a column that must not be empty", "a stream that is not taken"],
)  # fmt: skip
async def test_a_decision_stands_whatever_the_users_table_of_a_school_refuses(
    adopted: Database, school: asyncpg.Connection, rule: str, followed: bool
) -> None:
    await school.execute(rule)
    user_id = await school.fetchval("SELECT user_id FROM bookings WHERE id = 5")
    service = BookingService(Desk(adopted, Staff({ANNA.id})), grace=timedelta(0))

    card = await service.confirm(5, revision=1, by=ANNA)

    assert card.booking.status is BookingStatus.CONFIRMED
    assert await welcomes(school) == [(5, "queued", None)]
    stream = await school.fetchval("SELECT course_stream FROM users WHERE user_id = $1", user_id)
    assert stream == ("3rd_stream" if followed else None)


async def test_a_decision_stands_for_a_person_whom_the_users_table_does_not_take(
    adopted: Database, school: asyncpg.Connection
) -> None:
    await school.execute("DELETE FROM users; ALTER TABLE users ADD phone text NOT NULL")
    service = BookingService(Desk(adopted, Staff({ANNA.id})), grace=timedelta(0))

    with capture_logs() as lines:
        card = await service.confirm(5, revision=1, by=ANNA)

    assert card.booking.status is BookingStatus.CONFIRMED
    assert await welcomes(school) == [(5, "queued", None)]
    assert await school.fetchval("SELECT count(*) FROM users") == 0
    [line] = [line for line in lines if line["event"] == "the user's stream is not updated"]
    assert line["booking"] == 5
    assert "phone" in reason_of(line["reason"])


async def test_a_decision_stands_when_the_role_may_not_write_to_users(
    adopted: Database, school: asyncpg.Connection, empty_dsn: str
) -> None:
    role = f"guest_{uuid4().hex}"
    await school.execute(
        f"""
        CREATE ROLE {role} LOGIN;
        GRANT USAGE ON SCHEMA booking_desk TO {role};
        GRANT ALL ON ALL TABLES IN SCHEMA booking_desk, public TO {role};
        GRANT ALL ON ALL SEQUENCES IN SCHEMA booking_desk, public TO {role};
        REVOKE ALL ON users FROM {role};
        """
    )

    async with Database.connect(empty_dsn.replace("postgres@", f"{role}@")) as db:
        service = BookingService(Desk(db, Staff({ANNA.id})), grace=timedelta(0))
        card = await service.confirm(5, revision=1, by=ANNA)

    assert card.booking.status is BookingStatus.CONFIRMED
    assert await welcomes(school) == [(5, "queued", None)]
    await school.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")
