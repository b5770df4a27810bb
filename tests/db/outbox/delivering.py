"""The messages of a delivery worker, and the outbox after their ends."""

from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

from bot.services.bookings.decisions import BookingService
from bot.services.outbox.delivery import Delivery, DeliveryService
from bot.services.outbox.outcomes import Ended
from bot.services.students import StudentService
from db.database import Database
from db.models.audit import Actor
from db.models.bookings import Reachability
from db.models.outbox import MessageState, Reason
from tests.db.outbox.owing import BOT, HELD
from tests.support.school import ANNA_ID, VERA_ID

ANNA: Final = Actor(id=ANNA_ID, name="Anna")
BLOCKED: Final = Ended(MessageState.WAITING, Reason.BLOCKED, Reachability.BLOCKED)


async def next_one(
    service: DeliveryService, sql: asyncpg.Connection, lease: timedelta = HELD
) -> Delivery | None:
    """Claim a message, as if nothing had been sent to its chat lately."""
    await sql.execute("DELETE FROM booking_desk.chat_gates")
    claimed = await service.claim(1, lease=lease)
    return claimed[0] if claimed else None


async def a_welcome(service: DeliveryService, sql: asyncpg.Connection) -> Delivery:
    delivery = await next_one(service, sql)
    assert delivery is not None
    return delivery


async def out_of_reach(
    service: DeliveryService, bookings: BookingService, booking: int, sql: asyncpg.Connection
) -> None:
    """Confirm the booking of a student who has blocked the bot."""
    await bookings.confirm(booking, revision=1, by=ANNA)
    await service.record((await a_welcome(service, sql)).claim, BLOCKED, text="")


async def vera_starts(db: Database) -> None:
    students = StudentService(db, bot_id=BOT, grace=timedelta(0), rate=25)
    await students.start(
        VERA_ID, first_name="Vera", username=None, language="en", at=datetime.now(UTC), bot_id=BOT
    )


async def outbox(sql: asyncpg.Connection) -> list[tuple[str, str, str | None]]:
    rows = await sql.fetch("SELECT kind, state, reason FROM booking_desk.outbox ORDER BY id")
    return [tuple(row) for row in rows]
