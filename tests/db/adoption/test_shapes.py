"""Whatever a school's tables look like, its programs go on writing, and admins read them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.adding.additions import AdditionService
from bot.services.adding.drafts import DraftService
from bot.services.bookings.decisions import BookingService
from bot.services.bookings.external import ExternalChangeService
from bot.services.lists.pages import ListService
from bot.services.lists.search import SearchService
from bot.services.upkeep import UpkeepService
from bot.views.adding.by_hand import Added
from bot.views.lists import EVERYTHING, FoundCard, FoundList
from db.adoption.look import AdoptionRefused
from db.database import Database
from db.models.adding.drafts import DraftField, Person
from db.models.bookings import BookingStatus
from tests.db.adoption.catalogue import catalogue
from tests.db.adoption.shapes import ADOPTED, REFUSED, Shape
from tests.db.lists.walks import ANNA, NOW, Walker
from tests.db.school.contents import welcomes

BERLIN = "Europe/Berlin"
VERA = 7_000_001


class School:
    """The school's programs, which know nothing of the desk."""

    def __init__(self, connection: asyncpg.Connection, shape: Shape) -> None:
        self.sql = connection
        self._shape = shape

    async def books(self, person: int) -> str:
        """Insert a pending booking of the first course; return its number."""
        shape = self._shape
        insert = shape.insert.format(
            table=shape.table, person=shape.person.format(person), pending=shape.pending
        )
        number: str = await self.sql.fetchval(f"{insert} RETURNING id::text")
        return number

    async def confirms(self, booking: str) -> None:
        change = self._shape.change.format(self._shape.confirmed)
        await self._writes(f"UPDATE {{}} SET {change}", booking)

    async def corrects(self, booking: str) -> None:
        await self._writes("UPDATE {} SET course_id = '2'", booking)

    async def deletes(self, booking: str) -> None:
        await self._writes("DELETE FROM {}", booking)

    async def works(self) -> Sequence[str]:
        """Insert, update, confirm and delete; return a pending and a confirmed booking."""
        pending, confirmed, gone = [await self.books(VERA + n) for n in range(3)]
        await self.corrects(pending)
        await self.confirms(confirmed)
        await self.deletes(gone)
        return [pending, confirmed]

    async def works_on(self, earlier: Sequence[str]) -> Sequence[str]:
        """Confirm the first, correct the second and delete the third; return what is left."""
        await self.confirms(earlier[0])
        await self.corrects(earlier[1])
        await self.deletes(earlier[2])
        return [*earlier[:2], *earlier[3:]]

    async def _writes(self, sql: str, booking: str) -> None:
        where = f"WHERE id::text = '{booking}'"
        assert (await self.sql.execute(f"{sql.format(self._shape.table)} {where}"))[-2:] == " 1"


@pytest.fixture
async def school(shape: Shape, empty_dsn: str) -> AsyncIterator[School]:
    connection = await asyncpg.connect(empty_dsn)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"{shape.sql}; {shape.users}; {shape.courses}")
    path = await connection.fetchval("SHOW search_path")
    await connection.execute(f"ALTER DATABASE {name} SET search_path = {path}")
    yield School(connection, shape)
    connection.terminate()


@pytest.mark.parametrize("shape", ADOPTED, ids=lambda shape: shape.name)
async def test_a_shape_is_adopted_while_the_school_writes(
    shape: Shape, school: School, empty_dsn: str
) -> None:
    is_new = shape.name == "no table at all"
    before = [] if is_new else [*await school.works(), *await school.works()]
    during: list[str] = []
    async with Database.connect(empty_dsn) as db:
        await db.look(timezone=BERLIN)
        adopting = asyncio.create_task(db.migrate(timezone=BERLIN))
        while not (is_new or adopting.done()):
            during += await school.works()
            await asyncio.wait([adopting], timeout=0.05)
        await adopting
        [pending, confirmed] = await school.works()
        older = await school.works_on(before) if before else []
        await UpkeepService(db).run()
        await ExternalChangeService(db).follow()
        written = [int(booking) for booking in (*older, *during, pending, confirmed)]

        desk = Desk(db, Staff({ANNA.id}))
        lists = Walker(ListService(desk, timezone=ZoneInfo(BERLIN)))
        listed = await lists.walks(await lists.turns(EVERYTHING))
        search = SearchService(desk, grace=timedelta(0))
        found = await search.find(pending, by=ANNA)
        assert isinstance(found, FoundCard)
        assert is_new or int(pending) in ids(await search.of_person(VERA, by=ANNA))
        card = await BookingService(desk, grace=timedelta(0)).confirm(
            int(pending), revision=found.card.booking.revision, by=ANNA
        )
        async with db.snapshot() as uow:
            counts = await uow.counts.by_status()
        await adds_and_takes_back(desk, school)

    assert sorted(listed) == sorted(written)
    booking = found.card.booking
    numbers = (booking.id, booking.user_id, booking.course_id, booking.confirmed)
    assert numbers == (int(pending), VERA, 2, 1)
    assert {type(number) for number in numbers} == {int}
    assert NOW - found.card.booking.listed_at < timedelta(days=2)
    assert card.booking.status is BookingStatus.CONFIRMED
    assert await school.sql.fetchval(f"SELECT confirmed FROM bookings WHERE id = {pending}") == 2
    assert counts[None] == len(written)
    assert counts[BookingStatus.CONFIRMED] == len(written) // 2 + (1 if is_new else 3)
    owed = {booking for booking, *_ in await welcomes(school.sql)}
    assert {int(confirmed), int(pending), *map(int, older[:1])} <= owed
    assert owed.isdisjoint(map(int, before[1:]))
    assert await school.sql.fetch("SELECT * FROM booking_desk.faults") == []


async def adds_and_takes_back(desk: Desk, school: School) -> None:
    """Add a confirmed booking of a new course by hand, and undo it."""
    grace = timedelta(hours=1)
    before = await school.sql.fetchval("SELECT count(*) FROM bookings")
    drafts = DraftService(desk, grace=grace)
    draft = (await drafts.begin(by=ANNA)).draft.id
    await drafts.take_person(Person(user_id=VERA, first_name="Vera"), by=ANNA)
    await drafts.answer("Sculpture", by=ANNA)
    await drafts.answer("winter", by=ANNA)
    view = await drafts.choose(draft, DraftField.STATUS, 2, by=ANNA)
    additions = AdditionService(desk, grace=grace, timezone=ZoneInfo(BERLIN))
    added = await additions.add(
        draft, revision=view.draft.revision, known=0, by=ANNA, now=datetime.now(UTC)
    )
    assert isinstance(added, Added)
    booking = added.card.booking
    assert (booking.user_id, booking.course_name, booking.status) == (
        VERA,
        "Sculpture",
        BookingStatus.CONFIRMED,
    )
    assert (booking.course_stream or "").strip() == "winter"
    # A day's date is its midnight.
    assert timedelta(0) <= datetime.now(UTC) - booking.listed_at < timedelta(days=1)

    await additions.undo(booking.id, revision=booking.revision, by=ANNA)
    assert await school.sql.fetchval("SELECT count(*) FROM bookings") == before


def ids(found: FoundCard | FoundList) -> Sequence[int]:
    assert not isinstance(found, FoundCard)
    return [booking.id for booking in found.page.items]


@pytest.mark.parametrize(
    "shape",
    [shape for shape in ADOPTED if shape.name in {"generated column", "columns without equality"}],
    ids=lambda shape: shape.name,
)
async def test_only_a_write_that_changes_something_is_a_new_revision(
    shape: Shape, school: School, empty_dsn: str
) -> None:
    booking = await school.books(VERA)
    async with Database.connect(empty_dsn) as db:
        await db.migrate()

    revisions = []
    for change in ("confirmed = confirmed", "confirmed = '2'", "details = '{\"paid\": true}'"):
        await school.sql.execute(f"UPDATE bookings SET {change} WHERE id = {booking}")
        revisions.append(await school.sql.fetchval("SELECT revision FROM bookings"))

    assert revisions == [1, 2, 3]


@pytest.mark.parametrize("shape", REFUSED, ids=lambda shape: shape.name)
async def test_a_shape_is_refused_in_a_line_and_left_as_it_was(
    shape: Shape, school: School, empty_dsn: str
) -> None:
    await school.works()
    await school.works()
    before = await catalogue(school.sql)

    async with Database.connect(empty_dsn) as db:
        with pytest.raises(AdoptionRefused) as refusal:
            await db.migrate(timezone=BERLIN)

    assert shape.refusal is not None
    assert shape.refusal in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert await catalogue(school.sql) == before
    await school.works()
