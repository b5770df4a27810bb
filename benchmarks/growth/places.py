"""Where admins go in a school: the first page of each list, one in the middle, and the last."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Self, TypeVar
from zoneinfo import ZoneInfo

from benchmarks.schools.filling import LAUNCH, REGULAR
from bot.services.filters import FilterService
from bot.services.staff import Staff
from db.database import Database
from db.models import (
    Actor,
    Booking,
    BookingStatus,
    Edge,
    Filter,
    LogPlace,
    MessagePlace,
    Place,
    WelcomeState,
)

ANNA: Final = Actor(id=11, name="Anna")
STAFF: Final = Staff({ANNA.id})
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
_P = TypeVar("_P", Place, LogPlace, MessagePlace)


@dataclass(frozen=True, slots=True)
class Places:
    """Pages of one school's lists by name, and two bookings to open."""

    tabs: Mapping[str, Place]
    filtered: Mapping[str, tuple[Place, Filter]]
    middle: Booking
    """Of the busiest day; the middle of filtered lists is reckoned from it."""
    regular: Booking
    """The newest of the person who has thousands."""

    @classmethod
    async def found(cls, db: Database) -> Self:
        middle = await _middle(db, None)
        async with db.snapshot() as uow:
            [regular] = await uow.bookings.of_person(REGULAR, limit=1)
        return cls(await _tabs(db), await _filtered(db, middle), middle, regular)


async def _tabs(db: Database) -> Mapping[str, Place]:
    places: dict[str, Place] = {}
    for tab in _TABS:
        name, row = "all" if tab is None else tab.value, await _middle(db, tab)
        middle = Place(status=tab, edge=Edge.AFTER, at=row.listed_at, id=row.id)
        places |= pages(name, Place(status=tab), middle)
    return places


async def _filtered(db: Database, middle: Booking) -> Mapping[str, tuple[Place, Filter]]:
    service = FilterService(db, STAFF, timezone=ZoneInfo("UTC"))
    places: dict[str, tuple[Place, Filter]] = {}
    for name, chosen in _FILTERS.items():
        first = (await service.open(chosen, by=ANNA)).page.place
        found = pages(name, first, replace(first, edge=Edge.AFTER, id=middle.id))
        places |= {name: (place, chosen) for name, place in found.items()}
    return places


async def _middle(db: Database, tab: BookingStatus | None) -> Booking:
    """Return what is listed next from noon of the busiest day."""
    noon = Place(status=tab, edge=Edge.FROM, at=_NOON, id=0)
    async with db.snapshot() as uow:
        [booking] = await uow.bookings.page(noon, limit=1)
    return booking


def pages(name: str, first: _P, middle: _P) -> Mapping[str, _P]:
    """Return three pages of a list by name."""
    return {
        f"{name}: first page": first,
        f"{name}: page in the middle": middle,
        f"{name}: last page": replace(first, edge=Edge.LAST),
    }
