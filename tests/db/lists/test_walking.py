"""Walking a list from page to page while it changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.i18n import Translators
from bot.services.access import Desk
from bot.services.lists.pages import ListService
from bot.services.lists.paging import PAGE_SIZE
from bot.views.lists import Origin, Tab
from db.models.bookings import BookingStatus
from db.models.lists import Cursor, Edge
from keyboards.lists import booking_list
from keyboards.payloads.lists import ListButton
from tests.db.lists.walks import ANNA
from tests.support.school import MakeBooking

DAY_ONE = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = Translators(default="en", timezone=ZoneInfo("UTC")).of("en", DAY_ONE)

PENDING = Origin(Tab(BookingStatus.PENDING))
DAYS = 6

days = st.integers(0, DAYS - 1)
#: Events between two pages: a booking is made on day n, or the n-th of some bookings changes.
events = st.tuples(st.sampled_from(["made", "decided", "undecided"]), st.integers(0, 60))


@dataclass
class Reader:
    """An admin who presses the buttons under a list, and remembers the bookings on its pages."""

    lists: ListService
    buttons: dict[str, Origin] = field(default_factory=dict)
    seen: list[list[int]] = field(default_factory=list)

    async def open(self, origin: Origin) -> None:
        current = await self.lists.page(origin, by=ANNA, now=DAY_ONE)
        markup = booking_list(WORDS, current)
        self.buttons = {
            button["text"]: ListButton.unpack(button["callback_data"]).origin
            for button in markup["inline_keyboard"][-1]
            if button["callback_data"].startswith("l1:")
        }
        self.seen.append([booking.id for booking in current.page.items])

    async def turn(self, label: str) -> None:
        await self.open(self.buttons[label])


@dataclass
class School:
    """Pending bookings that are added and leave, and those that never left the list."""

    sql: asyncpg.Connection
    make: MakeBooking
    keys: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The sort keys in the list, by id."""
    pending: set[int] = field(default_factory=set)
    stayed: set[int] = field(default_factory=set)

    async def fill(self, made_on: list[int]) -> None:
        await self.sql.execute("TRUNCATE bookings")
        self.keys.clear()
        self.pending.clear()
        self.stayed = {await self.made(day) for day in made_on}

    async def made(self, day: int) -> int:
        booking = await self.make(created_at=DAY_ONE + timedelta(days=day))
        self.keys[booking] = (day, booking)
        self.pending.add(booking)
        return booking

    async def happen(self, events: list[tuple[str, int]]) -> None:
        for event in events:
            match event:
                case ("made", n):
                    await self.made(n % DAYS)
                case ("decided", n) if self.stayed:
                    booking = sorted(self.stayed)[n % len(self.stayed)]
                    self.stayed.discard(booking)
                    self.pending.discard(booking)
                    await self._set(booking, BookingStatus.CONFIRMED)
                case ("undecided", n) if left := sorted(self.keys.keys() - self.pending):
                    booking = left[n % len(left)]
                    self.pending.add(booking)
                    await self._set(booking, BookingStatus.PENDING)

    def is_there_more(self, page: list[int], *, before: bool) -> bool:
        if before:
            return any(self.keys[booking] < self.keys[page[0]] for booking in self.pending)
        return any(self.keys[booking] > self.keys[page[-1]] for booking in self.pending)

    async def _set(self, booking: int, status: BookingStatus) -> None:
        await self.sql.execute(
            "UPDATE bookings SET confirmed = $2 WHERE id = $1", booking, status.code
        )


@pytest.fixture
def school(sql: asyncpg.Connection, make_booking: MakeBooking) -> School:
    return School(sql, make_booking)


@pytest.fixture
def reader(desk: Desk) -> Callable[[], Reader]:
    return lambda: Reader(ListService(desk, timezone=ZoneInfo("UTC")))


lists_that_change = given(
    made_on=st.lists(days, min_size=8, max_size=30),
    happens=st.lists(st.lists(events, max_size=8), min_size=1, max_size=5),
)
walks = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize(("edge", "label"), [(Edge.FIRST, "Next ›"), (Edge.LAST, "‹ Prev")])
@walks
@lists_that_change
async def test_a_walk_shows_every_row_that_stayed_and_none_twice(
    school: School,
    reader: Callable[[], Reader],
    edge: Edge,
    label: str,
    made_on: list[int],
    happens: list[list[tuple[str, int]]],
) -> None:
    await school.fill(made_on)
    walk, later = reader(), iter(happens)

    await walk.open(PENDING._replace(cursor=Cursor(edge)))
    while label in walk.buttons:
        await school.happen(next(later, []))
        if not school.is_there_more(walk.seen[-1], before=edge is Edge.LAST):
            break
        await walk.turn(label)

    seen = [booking for page in walk.seen for booking in page]
    assert len(seen) == len(set(seen))
    assert school.stayed <= set(seen)


async def test_a_short_page_before_others_still_leads_on_to_them(
    school: School, reader: Callable[[], Reader]
) -> None:
    await school.fill([0] * (PAGE_SIZE + 3))
    walk = reader()
    await walk.open(PENDING)
    await walk.turn("Next ›")

    await school.happen([("decided", 0)] * 5)
    await walk.turn("‹ Prev")
    await walk.turn("Next ›")

    assert [len(page) for page in walk.seen] == [8, 3, 3, 3]
    assert walk.seen[1] == walk.seen[3]


@pytest.mark.parametrize("label", ["2 / 2", "Next ›"])
async def test_a_page_that_has_emptied_shows_the_nearest_one(
    school: School, reader: Callable[[], Reader], label: str
) -> None:
    await school.fill([0] * (PAGE_SIZE + 2))
    walk = reader()
    await walk.open(PENDING)
    if label not in walk.buttons:
        await walk.turn("Next ›")

    await school.happen([("decided", -1)] * 2)
    await walk.turn(label)

    assert walk.seen[-1] == walk.seen[0]


async def test_a_page_with_nothing_left_before_it_shows_the_first_one(
    school: School, reader: Callable[[], Reader]
) -> None:
    await school.fill([0] * (2 * PAGE_SIZE + 2))
    walk = reader()
    await walk.open(PENDING)
    await walk.turn("Next ›")

    await school.happen([("decided", 0)] * PAGE_SIZE)
    await walk.turn("‹ Prev")

    assert walk.seen[2] == walk.seen[1]
    assert set(walk.buttons) == {"1 / 2", "Next ›"}
