"""Another program corrects whose booking it is, at any moment of its welcome's life."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from bot.errors import MessageChanged
from bot.services.outbox.outcomes import Ended, Later, Sent
from bot.views.acting import MessageAction
from db.database import Database
from db.models.bookings import Reachability
from db.models.outbox import MessageState, Reason
from tests.db.correcting import ANNA, ARRIVED, HELD, OLGA_ID, Read, School
from tests.support.postgres import until_one_waits
from tests.support.school import VERA_ID, MakeBooking

BLOCKED: Final = Ended(MessageState.WAITING, Reason.BLOCKED, Reachability.BLOCKED)
REFUSED: Final = Ended(MessageState.FAILED, Reason.REFUSED)
NO_ANSWER: Final = Ended(MessageState.UNKNOWN, Reason.NO_ANSWER)

TO_OLGA: Final[Read] = (OLGA_ID, "Olga")
TO_VERA: Final[Read] = (VERA_ID, "Vera")


Moment = Callable[[School], Awaitable[None]]


@pytest.fixture
async def school(db: Database, sql: asyncpg.Connection, make_booking: MakeBooking) -> School:
    """Vera's booking is confirmed: her welcome is owed, and within the grace."""
    school = School(db, sql)
    await school.service.open()
    school.booking = await make_booking()
    await school.bookings.confirm(school.booking, revision=1, by=ANNA)
    return school


async def in_the_grace(school: School) -> None:
    await school.corrects()


async def claimed(school: School) -> None:
    await school.sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    [held] = await school.service.claim(1, lease=HELD)
    await school.corrects()
    assert await school.service.pass_gate(held.claim) < 0
    await school.service.release(held.claim)


async def postponed(school: School) -> None:
    await school.delivers(Later(Reason.TELEGRAM_DOWN, timedelta(0)))
    school.read.clear()
    await school.corrects()


async def waiting(school: School) -> None:
    await school.delivers(BLOCKED)
    school.read.clear()
    await school.corrects()


async def failed(school: School) -> None:
    await school.delivers(REFUSED)
    school.read.clear()
    await school.corrects()


async def sent_again_by_an_admin(school: School) -> None:
    await failed(school)
    message = await school.sql.fetchval("SELECT id FROM booking_desk.outbox WHERE chat_id = 13")
    await school.outbox.act(message, MessageAction.RESEND, attempts=1, by=ANNA)


@pytest.mark.parametrize("followed", ["first", "last"])
@pytest.mark.parametrize(
    "moment", [in_the_grace, claimed, postponed, waiting, failed, sent_again_by_an_admin]
)
async def test_whose_booking_it_is_reads_the_welcome_once_and_nobody_else(
    school: School, moment: Moment, followed: str
) -> None:
    await moment(school)

    if followed == "first":
        await school.external.follow()
    await school.delivers()
    await school.external.follow()
    await school.delivers()

    assert school.read == [TO_OLGA]
    assert await school.states() == [(VERA_ID, "withdrawn"), (OLGA_ID, "sent")]
    assert await school.sql.fetchval("SELECT state FROM booking_desk.welcomes") == "delivered"


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
async def test_a_correction_while_the_gate_is_waited_for_lets_nobody_through(
    school: School, dsn: str, end: str
) -> None:
    await school.sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    [held] = await school.service.claim(1, lease=HELD)
    other_replica = await asyncpg.connect(dsn)
    await other_replica.execute("BEGIN; UPDATE booking_desk.gates SET free_at = free_at")
    passing = asyncio.create_task(school.service.pass_gate(held.claim))
    await until_one_waits(school.sql)

    await school.corrects()
    await other_replica.execute(end)
    assert await passing > 0
    await other_replica.close()

    assert await school.service.pass_gate(held.claim) < 0
    await school.service.release(held.claim)
    await school.delivers()
    assert school.read == [TO_OLGA]


@pytest.mark.parametrize("outcome", [ARRIVED, BLOCKED, REFUSED, NO_ANSWER])
async def test_a_correction_while_telegram_answers_owes_the_right_person_their_own_welcome(
    school: School, outcome: Sent | Ended
) -> None:
    await school.sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    [held] = await school.service.claim(1, lease=HELD)
    assert await school.service.pass_gate(held.claim) == 0

    await school.corrects()
    await school.external.follow()
    await school.delivers()
    await school.service.record(held.claim, outcome, text="")
    await school.delivers()

    assert school.read == [TO_OLGA]
    assert await school.sql.fetchval("SELECT state FROM booking_desk.welcomes") == "delivered"
    told = "SELECT count(*) FROM booking_desk.outbox WHERE kind = 'unreached' AND state = 'sent'"
    assert await school.sql.fetchval(told) == 0


async def test_what_telegram_never_answered_is_not_sent_again_to_whose_booking_it_was(
    school: School,
) -> None:
    await school.delivers(NO_ANSWER)
    await school.corrects()
    message = await school.sql.fetchval("SELECT id FROM booking_desk.outbox WHERE chat_id = 13")
    await school.outbox.act(message, MessageAction.RESEND, attempts=1, by=ANNA)

    await school.delivers()
    await school.external.follow()
    await school.delivers()

    assert school.read == [TO_VERA, TO_OLGA]


@pytest.mark.parametrize("arrived", [False, True])
async def test_a_correction_that_is_taken_back_welcomes_nobody_twice(
    school: School, arrived: bool
) -> None:
    if arrived:
        await school.delivers()
    await school.corrects()
    await school.external.follow()
    await school.corrects(VERA_ID, "Vera")
    await school.external.follow()

    await school.delivers()

    assert school.read == [TO_VERA]
    assert await school.sql.fetchval("SELECT state FROM booking_desk.welcomes") == "delivered"


async def test_a_correction_keeps_what_was_left_of_the_grace(school: School) -> None:
    await school.corrects()
    await school.external.follow()

    left = "SELECT due_at - now() FROM booking_desk.outbox WHERE chat_id = 14"
    assert timedelta(seconds=50) < await school.sql.fetchval(left) <= HELD


async def test_no_grace_is_left_of_a_welcome_that_could_not_arrive(school: School) -> None:
    await waiting(school)
    await school.external.follow()

    due = "SELECT due_at <= now() FROM booking_desk.outbox WHERE chat_id = $1"
    assert await school.sql.fetchval(due, OLGA_ID)


async def test_a_name_that_is_corrected_after_the_claim_is_the_one_that_is_read(
    school: School,
) -> None:
    await school.sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
    [held] = await school.service.claim(1, lease=HELD)
    await school.corrects(VERA_ID, "Veronika")

    assert await school.service.pass_gate(held.claim) < 0
    await school.service.release(held.claim)
    await school.delivers()

    assert school.read == [(VERA_ID, "Veronika")]


async def test_a_booking_that_becomes_nobodys_is_welcomed_once_somebody_has_it(
    school: School,
) -> None:
    await school.sql.execute("ALTER TABLE bookings ALTER user_id DROP NOT NULL")
    await school.corrects(None, "")
    await school.external.follow()
    await school.delivers()
    assert await school.states() == [(VERA_ID, "withdrawn")]
    assert await school.sql.fetchval("SELECT state FROM booking_desk.welcomes") == "withdrawn"

    await school.corrects()
    await school.external.follow()
    await school.delivers()

    assert school.read == [TO_OLGA]


async def test_an_admin_is_told_of_whoever_cannot_be_reached(school: School) -> None:
    await school.delivers(BLOCKED)
    await school.delivers()
    await school.corrects()
    await school.external.follow()
    await school.delivers(BLOCKED)
    await school.delivers()

    notices = await school.sql.fetch(
        "SELECT payload ->> 'student' FROM booking_desk.outbox"
        " WHERE kind = 'unreached' AND (state = 'sent' OR reason = 'merged') ORDER BY id"
    )
    assert [int(student) for (student,) in notices] == [VERA_ID, OLGA_ID]


async def test_a_booking_confirmed_before_the_desk_owes_nobody_a_welcome_when_corrected(
    school: School, make_booking: MakeBooking
) -> None:
    await school.sql.execute("DELETE FROM bookings")
    await make_booking(confirmed=2)
    await school.corrects()
    await school.external.follow()
    await school.delivers()

    assert school.read == []


async def test_what_was_followed_can_no_longer_be_sent_to_whose_booking_it_was(
    school: School,
) -> None:
    await failed(school)
    await school.external.follow()
    message = await school.sql.fetchval("SELECT id FROM booking_desk.outbox WHERE chat_id = 13")

    with pytest.raises(MessageChanged):
        await school.outbox.act(message, MessageAction.RESEND, attempts=1, by=ANNA)
