"""How the desk is doing."""

from typing import Literal, TypeAlias

from bot.services.staff import Staff
from db.database import Database
from db.models import Actor, QueueState

Mode: TypeAlias = Literal["polling", "webhook"]
"""How updates come to the desk."""


class StatusService:
    """What an admin wants to know when something seems wrong; raises NotAllowed for others."""

    def __init__(self, db: Database, staff: Staff, *, version: str, mode: Mode) -> None:
        self._db = db
        self._staff = staff
        self.version = version
        self.mode = mode

    async def queue(self, *, by: Actor) -> QueueState:
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            return await uow.messages.queue()
