"""Notices that are owed to whoever is no admin any more when they leave."""

from collections.abc import Set
from datetime import timedelta
from typing import Any, Final

import asyncpg
import pytest

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.bookings.external import ExternalChangeService
from bot.services.outbox.admin import OutboxService
from bot.services.outbox.delivery import DeliveryService
from bot.services.outbox.outcomes import Ended, Sent
from bot.views.acting import MessageAction
from db.database import Database
from db.models.audit import Actor
from db.models.bookings import Reachability
from db.models.outbox import UNREACHED, MessageState, Reason, Sender
from tests.support.kinds import the_kinds
from tests.support.school import ANNA_ID, BORIS_ID, VERA_ID, MakeBooking

ANNA: Final = Actor(id=ANNA_ID, name="Anna")
BORIS: Final = Actor(id=BORIS_ID, name="Boris")
BOT: Final = 1001
GROUP: Final = -5
HELD: Final = timedelta(minutes=1)
BLOCKED: Final = Ended(MessageState.WAITING, Reason.BLOCKED, Reachability.BLOCKED)
REFUSED: Final = Ended(MessageState.FAILED, Reason.REFUSED)
ARRIVED: Final = Sent(7)


class Outbox:
    """What is sent while these are the admins."""

    def __init__(self, db: Database, sql: asyncpg.Connection) -> None:
        self.db = db
        self.sql = sql

    async def sends(
        self, *, admins: Set[int], staff: int | None = None, outcome: Sent | Ended = ARRIVED
    ) -> list[int]:
        """Deliver the notices; return who reads them. A welcome never arrives."""
        kinds = the_kinds(admins=admins, staff_chat_id=staff)
        service = DeliveryService(self.db, kinds, bot_id=BOT, senders=list(Sender), rate=1000)
        await service.open()
        read = []
        for _ in range(4):
            await self.sql.execute(
                "DELETE FROM booking_desk.chat_gates;"
                "UPDATE booking_desk.outbox SET due_at = now() WHERE state = 'queued'"
            )
            for delivery in await service.claim(10, lease=HELD):
                is_notice = delivery.claim.message.kind == UNREACHED
                if is_notice:
                    read.append(delivery.claim.message.chat_id)
                await service.record(delivery.claim, outcome if is_notice else BLOCKED, text="")
        return read

    async def notices(self) -> list[tuple[Any, ...]]:
        rows = await self.sql.fetch(
            "SELECT chat_id, state, reason FROM booking_desk.outbox"
            " WHERE kind = 'unreached' ORDER BY id"
        )
        return [tuple(row) for row in rows]


@pytest.fixture
def outbox(db: Database, sql: asyncpg.Connection) -> Outbox:
    return Outbox(db, sql)


@pytest.fixture
async def confirmed(db: Database, make_booking: MakeBooking) -> None:
    """Anna has confirmed the booking of a student out of reach."""
    bookings = BookingService(Desk(db, Staff({ANNA.id})), grace=timedelta(0))
    await bookings.confirm(await make_booking(), revision=1, by=ANNA)


async def owes(outbox: Outbox, *, admins: Set[int], staff: int | None = None) -> None:
    """Try the welcome, and leave the notice in the queue."""
    kinds = the_kinds(admins=admins, staff_chat_id=staff)
    service = DeliveryService(outbox.db, kinds, bot_id=BOT, senders=list(Sender), rate=1000)
    await service.open()
    [welcome] = await service.claim(1, lease=HELD)
    await service.record(welcome.claim, BLOCKED, text="")


async def test_a_queued_notice_of_a_former_admin_goes_to_the_admins_of_now(
    outbox: Outbox, confirmed: None
) -> None:
    await owes(outbox, admins={ANNA.id})

    assert await outbox.sends(admins={BORIS.id}) == [BORIS.id]
    assert await outbox.notices() == [
        (ANNA.id, "withdrawn", "readdressed"),
        (BORIS.id, "sent", None),
    ]


async def test_a_notice_that_waits_for_a_former_admin_goes_to_the_admins_of_now(
    outbox: Outbox, confirmed: None
) -> None:
    assert await outbox.sends(admins={ANNA.id}, outcome=BLOCKED) == [ANNA.id]

    async with outbox.db.transaction() as uow:
        await uow.outbox.recall({UNREACHED}, admins={BORIS.id})

    assert await outbox.sends(admins={BORIS.id}) == [BORIS.id]


async def test_a_notice_that_waits_for_an_admin_is_left_to_wait(
    outbox: Outbox, confirmed: None
) -> None:
    await outbox.sends(admins={ANNA.id}, outcome=BLOCKED)

    async with outbox.db.transaction() as uow:
        await uow.outbox.recall({UNREACHED}, admins={ANNA.id})

    assert await outbox.notices() == [(ANNA.id, "waiting", "blocked")]


async def test_a_failed_notice_that_is_sent_again_goes_to_the_admins_of_now(
    outbox: Outbox, confirmed: None
) -> None:
    await outbox.sends(admins={ANNA.id}, outcome=REFUSED)
    message = await outbox.sql.fetchval("SELECT max(id) FROM booking_desk.outbox")

    service = OutboxService(Desk(outbox.db, Staff({BORIS.id})), student_bot="school_bot")
    await service.act(message, MessageAction.RESEND, attempts=1, by=BORIS)

    assert await outbox.sends(admins={BORIS.id}) == [BORIS.id]


async def test_who_has_read_the_notice_does_not_read_a_former_admins_as_well(
    outbox: Outbox, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await outbox.sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", booking)
    await ExternalChangeService(outbox.db).follow()
    await owes(outbox, admins={ANNA.id, BORIS.id})

    assert await outbox.sends(admins={BORIS.id}) == [BORIS.id]
    assert (ANNA.id, "withdrawn", "readdressed") in await outbox.notices()


async def test_a_notice_to_a_former_group_goes_to_the_group_of_now(
    outbox: Outbox, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await outbox.sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", booking)
    await ExternalChangeService(outbox.db).follow()
    await owes(outbox, admins={ANNA.id}, staff=GROUP)

    assert await outbox.sends(admins={ANNA.id}, staff=GROUP - 1) == [GROUP - 1]


async def test_a_group_that_became_a_supergroup_is_still_the_admins_group(
    outbox: Outbox, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await outbox.sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", booking)
    await ExternalChangeService(outbox.db).follow()
    await owes(outbox, admins={ANNA.id}, staff=GROUP)
    async with outbox.db.transaction() as uow:
        await uow.groups.redirect(GROUP, -100)

    assert await outbox.sends(admins={ANNA.id}, staff=GROUP) == [-100]


async def test_a_former_admins_notice_that_is_not_needed_any_more_goes_to_nobody(
    outbox: Outbox, confirmed: None
) -> None:
    await owes(outbox, admins={ANNA.id})
    await outbox.sql.execute("UPDATE booking_desk.outbox SET state = 'sent' WHERE chat_id = 13")

    assert VERA_ID == 13
    assert await outbox.sends(admins={BORIS.id}) == []
    assert await outbox.notices() == [(ANNA.id, "withdrawn", "settled")]
