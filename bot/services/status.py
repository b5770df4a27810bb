"""The state of the desk."""

from typing import Final, Literal, TypeAlias

from bot.services.access import Desk
from bot.views.status import DeskState
from db.models.audit import Actor
from db.models.outbox import MessageState

Mode: TypeAlias = Literal["polling", "webhook"]
"""How updates come to the desk."""
_NOT_ARRIVED: Final = {MessageState.WAITING, MessageState.FAILED, MessageState.UNKNOWN}


class StatusService:
    """The state of the desk, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not read.
    """

    def __init__(self, desk: Desk, *, version: str, mode: Mode) -> None:
        self._desk = desk
        self.version = version
        self.mode = mode

    async def state(self, *, by: Actor) -> DeskState:
        async with self._desk.snapshot(by) as uow:
            groups = await uow.messages.groups()
            return DeskState(
                queue=await uow.messages.queue(),
                last_error=await uow.messages.last_error(),
                undelivered=sum(each.count for each in groups if each.key.state in _NOT_ARRIVED),
                alarms=await uow.signs.alarmed(),
            )
