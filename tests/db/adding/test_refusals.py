"""What a school's tables refuse of a booking that an admin adds changes nothing, and is told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from bot.errors import NotAllowed
from bot.errors.adding import DraftGone, SchoolRefused
from bot.services.access import Desk, Staff
from bot.services.adding.additions import AdditionService
from bot.services.adding.drafts import DraftService
from bot.views.adding.by_hand import Added, DraftView
from db.database import Database
from db.models.adding.drafts import DraftField, Person
from db.models.audit import Actor
from tests.support.school import ANNA_ID, BORIS_ID

ANNA = Actor(id=ANNA_ID, name="Anna")
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
GRACE = timedelta(hours=1)
ANYBODY = Person(user_id=4242, first_name="Vera", username="vera")


class Adding:
    """An admin who adds bookings."""

    def __init__(self, db: Database) -> None:
        desk = Desk(db, Staff({ANNA_ID}))
        self.drafts = DraftService(desk, grace=GRACE)
        self.additions = AdditionService(desk, grace=GRACE, timezone=ZoneInfo("Europe/Berlin"))

    async def draft(self, course: str = "Sculpture") -> DraftView:
        draft = (await self.drafts.begin(by=ANNA)).draft.id
        await self.drafts.take_person(ANYBODY, by=ANNA)
        await self.drafts.answer(course, by=ANNA)
        await self.drafts.answer("winter", by=ANNA)
        return await self.drafts.choose(draft, DraftField.STATUS, 2, by=ANNA)

    async def add(self, view: DraftView) -> Added:
        added = await self.additions.add(
            view.draft.id, revision=view.draft.revision, known=0, by=ANNA, now=NOW
        )
        assert isinstance(added, Added)
        return added


@pytest.fixture
def adding(adopted: Database) -> Adding:
    return Adding(adopted)


async def everything(school: asyncpg.Connection) -> list[int]:
    tables = ("bookings", "users", "courses", "booking_desk.audit", "booking_desk.outbox")
    return [await school.fetchval(f"SELECT count(*) FROM {table}") for table in tables]


async def test_a_column_that_must_not_be_empty_is_named_and_the_draft_is_kept(
    adding: Adding, school: asyncpg.Connection
) -> None:
    await school.execute("ALTER TABLE bookings ADD phone text NOT NULL DEFAULT ''")
    await school.execute("ALTER TABLE bookings ALTER phone DROP DEFAULT")
    view, before = await adding.draft(), await everything(school)

    with pytest.raises(SchoolRefused) as refusal:
        await adding.add(view)

    assert 'column "phone"' in str(refusal.value.params["reason"])
    assert "Vera" not in str(refusal.value.params)
    assert await everything(school) == before

    await school.execute("ALTER TABLE bookings ALTER phone SET DEFAULT ''")
    assert (await adding.add(view)).card.booking.user_id == ANYBODY.user_id


async def test_a_trigger_that_drops_the_row_refuses_it(
    adding: Adding, school: asyncpg.Connection
) -> None:
    await school.execute(
        """
        CREATE FUNCTION drop_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER drop_it BEFORE INSERT ON bookings FOR EACH ROW EXECUTE FUNCTION drop_it()
        """
    )
    view, before = await adding.draft(), await everything(school)

    with pytest.raises(SchoolRefused, match=r"dropped the row"):
        await adding.add(view)

    assert await everything(school) == before


async def test_a_person_is_a_user_before_the_booking_refers_to_them(
    adding: Adding, school: asyncpg.Connection
) -> None:
    await school.execute(
        "ALTER TABLE bookings ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID"
    )

    await adding.add(await adding.draft())

    user = await school.fetchrow("SELECT * FROM users WHERE user_id = $1", ANYBODY.user_id)
    assert (user["username"], user["course_stream"]) == ("vera", "winter")


async def test_a_new_course_gets_a_number_that_the_school_has_not_given(
    adding: Adding, school: asyncpg.Connection
) -> None:
    highest = await school.fetchval("SELECT max(id) FROM courses")
    await school.execute("SELECT setval('courses_id_seq', 1, false)")

    booking = (await adding.add(await adding.draft())).card.booking

    assert booking.course_id == highest + 1
    assert booking.course_name == "Sculpture"
    row = await school.fetchrow("SELECT id, name FROM courses ORDER BY id DESC LIMIT 1")
    assert tuple(row) == (highest + 1, "Sculpture")


async def test_what_others_refer_to_is_not_taken_back(
    adding: Adding, school: asyncpg.Connection
) -> None:
    booking = (await adding.add(await adding.draft())).card.booking
    await school.execute("CREATE TABLE bills (booking integer REFERENCES bookings)")
    await school.execute("INSERT INTO bills VALUES ($1)", booking.id)
    before = await everything(school)

    with pytest.raises(SchoolRefused, match="bills"):
        await adding.additions.undo(booking.id, revision=booking.revision, by=ANNA)

    assert await everything(school) == before
    owed = await school.fetchval("SELECT state FROM booking_desk.outbox ORDER BY id DESC LIMIT 1")
    assert owed == "queued"


async def test_only_admins_add_and_only_their_own_drafts(
    adding: Adding, adopted: Database
) -> None:
    view = await adding.draft()
    boris = Actor(id=BORIS_ID, name="Boris")
    with pytest.raises(NotAllowed):
        await adding.drafts.begin(by=boris)

    both = AdditionService(
        Desk(adopted, Staff({ANNA_ID, BORIS_ID})), grace=GRACE, timezone=ZoneInfo("UTC")
    )
    with pytest.raises(DraftGone):
        await both.add(view.draft.id, revision=view.draft.revision, known=0, by=boris, now=NOW)


async def test_drafts_are_forgotten_after_a_day(
    adding: Adding, adopted: Database, school: asyncpg.Connection
) -> None:
    view = await adding.draft()
    await school.execute("UPDATE booking_desk.drafts SET changed_at = now() - interval '25 hours'")

    async with adopted.transaction() as uow:
        await uow.drafts.forget(timedelta(days=1))

    with pytest.raises(DraftGone):
        await adding.add(view)
