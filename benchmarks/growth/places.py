"""The first page of each list of a school, one in the middle, and the last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

from benchmarks.schools.filling import LAUNCH, REGULAR
from bot.services.access import Desk, Staff
from bot.services.lists.pages import ListService
from bot.views.lists import Origin, Tab
from db.database import Database
from db.models.audit import Actor
from db.models.bookings import Booking, BookingStatus
from db.models.filters import Filter, WelcomeState
from db.models.lists import START, Cursor, Edge

ANNA: Final = Actor(id=11, name="Anna")
NOW: Final = datetime.now(UTC)
_NOON: Final = LAUNCH + timedelta(hours=12)
_TABS: Final = (
    None,
    BookingStatus.NEW,
    BookingStatus.PENDING,
    BookingStatus.CONFIRMED,
    BookingStatus.CANCELLED,
)
_FILTERS: Final[Mapping[str, Filter]] = {
    "stream": Filter(stream="stream 2"),
    "stream that ended": Filter(stream="ended"),
    "stream and status": Filter(stream="stream 2", status=BookingStatus.CANCELLED),
    "course and status": Filter(course=2, status=BookingStatus.PENDING),
    "period": Filter(since=LAUNCH.date(), until=LAUNCH.date()),
    "status and month": Filter(
        status=BookingStatus.CONFIRMED,
        since=LAUNCH.date() - timedelta(days=15),
        until=LAUNCH.date() + timedelta(days=15),
    ),
    "code": Filter(code="friend42"),
    "code and status": Filter(code="FRIEND42", status=BookingStatus.CONFIRMED),
    "course and discount": Filter(course=1, discount=True),
    "welcome waiting": Filter(welcome=WelcomeState.WAITING),
    "stream and welcome arrived": Filter(stream="stream 4", welcome=WelcomeState.DELIVERED),
    "pending and welcome arrived": Filter(
        status=BookingStatus.PENDING, welcome=WelcomeState.DELIVERED
    ),
    "code that no such course has": Filter(code="friend42", course=1),
}


@dataclass(frozen=True, slots=True)
class Places:
    """Pages of one school's lists, by name, and two bookings to open."""

    tabs: Mapping[str, Origin]
    filtered: Mapping[str, tuple[Origin, Filter]]
    middle: Booking
    """A booking of the busiest day; the page in the middle of a filtered list comes after it."""
    regular: Booking
    """The newest booking of the person who has thousands."""

    @classmethod
    async def found(cls, db: Database) -> Self:
        middle = await _middle(db, None)
        async with db.snapshot() as uow:
            [regular] = await uow.bookings.of_person(REGULAR, limit=1)
        return cls(await _tabs(db), await _filtered(db, middle), middle, regular)


async def _tabs(db: Database) -> Mapping[str, Origin]:
    origins: dict[str, Origin] = {}
    for status in _TABS:
        name = "all" if status is None else status.value
        found = pages(name, _behind(await _middle(db, status)))
        origins |= {page: Origin(Tab(status), cursor) for page, cursor in found.items()}
    return origins


async def _filtered(db: Database, middle: Booking) -> Mapping[str, tuple[Origin, Filter]]:
    lists = ListService(desk_of(db), timezone=ZoneInfo("UTC"))
    origins: dict[str, tuple[Origin, Filter]] = {}
    for name, filter_ in _FILTERS.items():
        key = (await lists.open(filter_, by=ANNA, now=NOW)).key
        found = pages(name, _behind(middle))
        origins |= {page: (Origin(key, cursor), filter_) for page, cursor in found.items()}
    return origins


async def _middle(db: Database, status: BookingStatus | None) -> Booking:
    """Return the booking that the list has next from noon of the busiest day."""
    noon = Cursor(Edge.FROM, 0, _NOON)
    newest_first = Tab(status).newest_first
    async with db.snapshot() as uow:
        [booking] = await uow.bookings.page(status, noon, newest_first=newest_first, limit=1)
    return booking


def _behind(booking: Booking) -> Cursor:
    return Cursor(Edge.AFTER, booking.id, booking.listed_at)


def pages(name: str, middle: Cursor) -> Mapping[str, Cursor]:
    """Return three pages of a list, by name."""
    return {
        f"{name}: first page": START,
        f"{name}: page in the middle": middle,
        f"{name}: last page": Cursor(Edge.LAST),
    }


def desk_of(db: Database) -> Desk:
    """Return the door of a school's desk, open for Anna."""
    return Desk(db, Staff({ANNA.id}))
