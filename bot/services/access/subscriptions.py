"""What each admin and the group want to be told."""

from bot.services.access.desk import Desk
from bot.services.access.permissions import Permission
from bot.services.access.receivers import Receivers
from bot.views.outbox import Subscriptions
from db.database import UnitOfWork
from db.models.audit import Actor


class SubscriptionService:
    """The choices of admins for themselves, and for their group.

    Raises:
        NotAllowed: from every method, if `by` is no admin, or may not choose for the group.
    """

    def __init__(self, desk: Desk, receivers: Receivers) -> None:
        self._desk = desk
        self._receivers = receivers

    async def current(self, *, by: Actor) -> Subscriptions:
        async with self._desk.statement(by) as uow:
            return await self._read(uow, by)

    async def choose(self, *, told: bool, by: Actor) -> Subscriptions:
        """Be told of new bookings from now on, or not."""
        async with self._desk.transaction(by, Permission.READ) as uow:
            await uow.subscriptions.choose(by.id, arrivals=told)
            return await self._read(uow, by)

    async def choose_for_group(self, *, told: bool, by: Actor) -> Subscriptions:
        """Let the group be told of new bookings from now on, or not."""
        async with self._desk.transaction(by, Permission.CONFIGURE) as uow:
            # By the id of the settings, whatever the group's id is now.
            for group in self._receivers.group:
                await uow.subscriptions.choose(group, arrivals=told)
            return await self._read(uow, by)

    async def _read(self, uow: UnitOfWork, by: Actor) -> Subscriptions:
        told = await self._receivers.of_arrivals(uow)
        group = self._receivers.group
        return Subscriptions(own=by.id in told, group=bool(group & told) if group else None)
