"""How the desk is doing."""

from typing import Literal, TypeAlias

from bot.services.access import Desk
from db.models.audit import Actor
from db.models.outbox import QueueState

Mode: TypeAlias = Literal["polling", "webhook"]
"""How updates come to the desk."""


class StatusService:
    """What an admin wants to know when something seems wrong; raises NotAllowed for others."""

    def __init__(self, desk: Desk, *, version: str, mode: Mode) -> None:
        self._desk = desk
        self.version = version
        self.mode = mode

    async def queue(self, *, by: Actor) -> QueueState:
        async with self._desk.snapshot(by) as uow:
            return await uow.messages.queue()
