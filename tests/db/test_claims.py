"""Reviews of several admins at once, on PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.backlog.questions import QuestionService
from bot.services.backlog.review import CLAIM, ReviewService
from bot.services.bookings.decisions import BookingService
from bot.services.lists.pages import ListService
from bot.services.lists.query_text import QueryTextService
from bot.views.review import WAITING, Review, ReviewCard, Round, Step
from db.database import Database
from db.models.audit import Actor
from tests.support.school import MakeBooking

NOW = datetime.now(UTC)
ROUND = Round(WAITING, NOW)
ADMINS = [Actor(id=n, name=f"Admin {n}") for n in range(1, 7)]


@pytest.fixture
def reviews(db: Database) -> ReviewService:
    desk = Desk(db, Staff(frozenset(admin.id for admin in ADMINS)))
    grace = timedelta(seconds=30)
    lists = ListService(desk, timezone=ZoneInfo("UTC"))
    words = QueryTextService(desk, lists, {}, timezone=ZoneInfo("UTC"))
    bookings = BookingService(desk, grace=grace)
    questions = QuestionService(desk, bookings, grace=grace, tell=True)
    return ReviewService(desk, bookings, questions, words, grace=grace)


def booking_of(review: Review) -> int:
    assert isinstance(review, ReviewCard)
    return review.card.booking.id


async def test_admins_who_begin_at_once_get_different_bookings(
    reviews: ReviewService, make_booking: MakeBooking
) -> None:
    made = {await make_booking() for _ in ADMINS}

    shown = await asyncio.gather(*(reviews.begin(WAITING, by=by, now=NOW) for by in ADMINS))

    assert {booking_of(review) for review in shown} == made


async def test_admins_who_swap_places_do_not_wait_for_each_other(
    reviews: ReviewService, make_booking: MakeBooking
) -> None:
    for _ in range(3):
        await make_booking()
    here = {by.id: booking_of(await reviews.begin(WAITING, by=by, now=NOW)) for by in ADMINS[:2]}

    async with asyncio.timeout(10):
        for turn in range(20):
            step = Step.NEXT if turn % 2 else Step.PREVIOUS
            shown = await asyncio.gather(
                *(reviews.step(ROUND, step, here[by.id], by=by, now=NOW) for by in ADMINS[:2])
            )
            seen = [review.card.booking.id for review in shown if isinstance(review, ReviewCard)]
            assert len(seen) == len(set(seen))
            for by, review in zip(ADMINS, shown, strict=False):
                if isinstance(review, ReviewCard):
                    here[by.id] = review.card.booking.id


async def test_a_claim_ends_after_its_time_and_is_extended_by_presses(
    reviews: ReviewService, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    first, second = await make_booking(), await make_booking()
    anna, boris = ADMINS[:2]
    await reviews.begin(WAITING, by=anna, now=NOW)
    left = "SELECT until - clock_timestamp() FROM booking_desk.claims WHERE admin_id = 1"
    assert CLAIM - timedelta(seconds=10) < await sql.fetchval(left) <= CLAIM

    await sql.execute("UPDATE booking_desk.claims SET until = clock_timestamp() + '1 second'")
    await reviews.step(ROUND, Step.SAME, first, by=anna, now=NOW)
    assert await sql.fetchval(left) > CLAIM - timedelta(seconds=10)
    assert booking_of(await reviews.begin(WAITING, by=boris, now=NOW)) == second

    await sql.execute(
        "UPDATE booking_desk.claims SET until = clock_timestamp() - '1 second'::interval"
    )
    assert booking_of(await reviews.begin(WAITING, by=boris, now=NOW)) == first


async def test_a_review_reads_some_bookings_however_many_wait(
    reviews: ReviewService, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    for _ in range(60):
        await make_booking()
    booking = booking_of(await reviews.begin(WAITING, by=ADMINS[0], now=NOW))
    walked = [booking]
    for _ in range(59):
        shown = await reviews.step(ROUND, Step.NEXT, booking, by=ADMINS[0], now=NOW)
        booking = booking_of(shown)
        walked.append(booking)

    assert walked == [row["id"] for row in await sql.fetch("SELECT id FROM bookings ORDER BY id")]
