"""The door inside a transaction: a booking of another course is neither shown nor decided."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
import pytest

from bot.errors import NotAllowed
from bot.services.access import Access, Desk, Permission, Staff
from bot.services.backlog.questions import QuestionService
from bot.services.bookings.decisions import BookingService
from bot.services.history import HistoryService
from bot.services.outbox.admin import OutboxService
from bot.services.people import PersonService
from bot.views.acting import MessageAction
from db.database import Database
from db.models.audit import Actor
from db.models.bookings import BookingAction
from db.server.pool import SessionPool
from tests.db.lists.walks import ANNA
from tests.db.outbox.owing import welcome
from tests.support.school import MakeBooking


class OneCourse(Staff):
    """Admins of the course 1 alone."""

    def access(self, by: Actor) -> Access:
        return Access(super().access(by).permissions, courses=frozenset({1}))


@pytest.fixture
def narrow_desk(db: Database) -> Desk:
    return Desk(db, OneCourse({ANNA.id}))


def uses(desk: Desk, booking: int) -> list[Callable[[], Awaitable[object]]]:
    bookings = BookingService(desk, grace=timedelta(0))
    questions = QuestionService(desk, bookings, grace=timedelta(0), tell=True)
    return [
        lambda: bookings.card(booking, by=ANNA),
        lambda: questions.ask(BookingAction.MOVE, booking, revision=1, back="", by=ANNA),
        lambda: bookings.confirm(booking, revision=1, by=ANNA),
        lambda: bookings.cancel(booking, revision=1, by=ANNA),
        lambda: HistoryService(desk).why(booking, by=ANNA),
        lambda: PersonService(desk).page(booking, by=ANNA),
    ]


async def test_a_booking_of_another_course_is_refused_by_whatever_opens_it(
    narrow_desk: Desk, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    for course in (2, None):
        booking = await make_booking(course_id=course)

        for use in uses(narrow_desk, booking):
            with pytest.raises(NotAllowed):
                await use()

    assert await sql.fetch("SELECT FROM booking_desk.log") == []
    assert await sql.fetch("SELECT FROM booking_desk.outbox") == []


async def test_a_booking_of_the_course_is_shown_and_decided(
    narrow_desk: Desk, make_booking: MakeBooking
) -> None:
    booking = await make_booking(course_id=1)

    for use in uses(narrow_desk, booking)[:3]:
        await use()


async def test_a_message_about_a_booking_of_another_course_is_neither_shown_nor_withdrawn(
    narrow_desk: Desk, db: Database, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await welcome(db, await make_booking(course_id=2, confirmed=2))
    message = await sql.fetchval("SELECT id FROM booking_desk.outbox")
    outbox = OutboxService(narrow_desk, student_bot="school_bot")

    with pytest.raises(NotAllowed):
        await outbox.card(message, by=ANNA)
    with pytest.raises(NotAllowed):
        await outbox.act(message, MessageAction.WITHDRAW, attempts=0, by=ANNA)

    assert await sql.fetchval("SELECT state FROM booking_desk.outbox") == "queued"


async def test_a_permission_that_is_missing_is_asked_for_before_the_database_is() -> None:
    class Readers(Staff):
        def access(self, by: Actor) -> Access:
            return Access(frozenset({Permission.READ}))

    desk = Desk(Database(SessionPool()), Readers({ANNA.id}))

    with pytest.raises(NotAllowed):
        await BookingService(desk, grace=timedelta(0)).confirm(1, revision=1, by=ANNA)
    with pytest.raises(NotAllowed):
        await OutboxService(desk, student_bot="school_bot").act(
            1, MessageAction.WITHDRAW, attempts=0, by=ANNA
        )
