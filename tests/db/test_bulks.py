"""Bulks on PostgreSQL: whom they concern, and what an undo holds back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from bot.kinds.about import SETTLED
from bot.kinds.approval import Approval
from bot.services.access import Access, Desk, Permission, Staff
from bot.services.access.receivers import Receivers
from bot.services.backlog.bulks import BulkService
from bot.services.backlog.running import BulkRunService
from bot.views.bulks import BulkView
from bot.views.lists import Origin
from bot.views.review import WAITING
from db.database import Database
from db.models.audit import Actor
from db.models.bulks import BulkAction, ItemResult
from tests.support.school import MakeBooking

NOW = datetime.now(UTC)
ANNA = Actor(id=11, name="Anna")


class StaffOfCourseOne(Staff):
    def access(self, by: Actor) -> Access:
        return Access(frozenset(Permission), {1})


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db, Staff(frozenset({ANNA.id})))


def bulks_of(desk: Desk) -> BulkService:
    return BulkService(desk, Receivers(desk.staff.ids, None), timezone=ZoneInfo("UTC"))


async def carried_out(db: Database, desk: Desk) -> int:
    """Confirm all that waits, and return the number of the bulk."""
    bulks = bulks_of(desk)
    view = await bulks.rehearse(Origin(WAITING), BulkAction.CONFIRM, by=ANNA, now=NOW)
    await bulks.begin(view.bulk.id, by=ANNA, chat_id=1, message_id=1, language="en")
    await worked(db, desk)
    return view.bulk.id


async def worked(db: Database, desk: Desk) -> None:
    while await BulkRunService(db, desk).run():
        pass


async def test_a_bulk_concerns_only_the_courses_of_its_admin(
    db: Database, make_booking: MakeBooking
) -> None:
    await make_booking()
    await make_booking(course_id=2)
    bulks = bulks_of(Desk(db, StaffOfCourseOne(frozenset({ANNA.id}))))

    view = await bulks.rehearse(Origin(WAITING), BulkAction.CONFIRM, by=ANNA, now=NOW)

    assert dict(view.bulk.results) == {None: 1}


async def test_no_message_leaves_while_all_is_taken_back(
    db: Database, desk: Desk, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking()
    bulk = await carried_out(db, desk)
    left = "SELECT due_at - now() FROM booking_desk.outbox"
    assert await sql.fetchval(left) <= timedelta(minutes=1)

    await bulks_of(desk).undo(bulk, by=ANNA)

    assert await sql.fetchval(left) > timedelta(minutes=50)


async def test_a_row_that_cannot_be_taken_back_keeps_its_messages(
    db: Database, desk: Desk, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking()
    bulk = await carried_out(db, desk)
    await sql.execute(
        """
        INSERT INTO booking_desk.outbox (kind, key, chat_id, sender, booking_id, revision, state)
        SELECT kind, 'earlier', 99, sender, booking_id, revision, 'sent' FROM booking_desk.outbox
        """
    )

    await bulks_of(desk).undo(bulk, by=ANNA)
    await worked(db, desk)

    view = await bulks_of(desk).get(bulk, by=ANNA)
    assert view.bulk.number(ItemResult.KEPT) == 1
    states = await sql.fetch("SELECT state FROM booking_desk.outbox ORDER BY id")
    assert [row["state"] for row in states] == ["queued", "sent"]


async def test_nobody_is_asked_to_approve_what_has_been_taken_back(
    db: Database, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_booking()
    receivers = Receivers({ANNA.id, 12}, None)
    desk = Desk(db, Staff(receivers.admins))
    bulks = BulkService(desk, receivers, timezone=ZoneInfo("UTC"), approval_from=1)
    view = await bulks.rehearse(Origin(WAITING), BulkAction.CONFIRM, by=ANNA, now=NOW)
    await bulks.begin(view.bulk.id, by=ANNA, chat_id=1, message_id=1, language="en")
    asked = await sql.fetchval("SELECT id FROM booking_desk.outbox WHERE kind = 'approval'")

    async def prepared() -> object:
        async with db.transaction() as uow:
            message = await uow.messages.get(asked)
            assert message is not None
            return await Approval(receivers).prepare(uow, message)

    assert isinstance(await prepared(), BulkView)
    await bulks.refuse(view.bulk.id, by=ANNA)

    assert await prepared() == SETTLED
