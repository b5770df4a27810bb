"""A school whose bookings are corrected while their welcomes are under way."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import asyncpg

from bot.services.access import Desk, Staff
from bot.services.bookings.decisions import BookingService
from bot.services.bookings.external import ExternalChangeService
from bot.services.outbox.admin import OutboxService
from bot.services.outbox.delivery import DeliveryService
from bot.services.outbox.outcomes import Ended, Later, Sent
from db.database import Database
from db.models.audit import Actor
from db.models.outbox import Sender
from tests.support.kinds import the_kinds
from tests.support.school import ANNA_ID

ANNA: Final = Actor(id=ANNA_ID, name="Anna")
BOT: Final = 1001
HELD: Final = timedelta(minutes=1)
OLGA_ID: Final = 14
ARRIVED: Final = Sent(7)
Read = tuple[int, str | None]
"""Who reads a welcome, and whose name it has."""


class School:
    """A desk, and the program that corrects."""

    def __init__(self, db: Database, sql: asyncpg.Connection) -> None:
        desk = Desk(db, Staff({ANNA.id}))
        self.sql = sql
        self.bookings = BookingService(desk, grace=HELD)
        self.outbox = OutboxService(desk, student_bot="school_bot")
        self.external = ExternalChangeService(db)
        self.service = DeliveryService(
            db, the_kinds(), bot_id=BOT, senders=list(Sender), rate=1000
        )
        self.read: list[Read] = []
        self.booking = 0

    async def corrects(self, user_id: int | None = OLGA_ID, name: str = "Olga") -> None:
        await self.sql.execute("UPDATE bookings SET user_id = $1, first_name = $2", user_id, name)

    async def delivers(self, outcome: Sent | Ended | Later = ARRIVED) -> None:
        """Send everything that is queued, each with the same outcome."""
        for _ in range(4):
            await self.sql.execute(
                "UPDATE booking_desk.outbox SET due_at = now() WHERE state = 'queued';"
                "DELETE FROM booking_desk.chat_gates"
            )
            for delivery in await self.service.claim(10, lease=HELD):
                message = delivery.claim.message
                if await self.service.pass_gate(delivery.claim) < 0:
                    await self.service.release(delivery.claim)
                    continue
                if message.kind == "welcome":
                    self.read.append((message.chat_id, getattr(delivery.brief, "first_name", "")))
                await self.service.record(delivery.claim, outcome, text="")
                if not isinstance(outcome, Sent):
                    return

    async def states(self) -> Sequence[tuple[int, str]]:
        rows = await self.sql.fetch(
            "SELECT chat_id, state FROM booking_desk.outbox WHERE kind = 'welcome' ORDER BY id"
        )
        return [tuple(row) for row in rows]
