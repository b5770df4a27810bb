"""The state of the desk."""

from typing import Literal, TypeAlias

from bot.services.access import Desk
from db.models.audit import Actor
from db.models.outbox import QueueState

Mode: TypeAlias = Literal["polling", "webhook"]
"""How updates come to the desk."""


class StatusService:
    """The state of the desk, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not read.
    """

    def __init__(self, desk: Desk, *, version: str, mode: Mode) -> None:
        self._desk = desk
        self.version = version
        self.mode = mode

    async def queue(self, *, by: Actor) -> QueueState:
        async with self._desk.snapshot(by) as uow:
            return await uow.messages.queue()
