"""Reminding students of bookings that have no payment receipt yet."""

from datetime import timedelta

from bot.errors import BookingChanged, ReminderLeft
from bot.services.access import Desk, Permission
from bot.services.bookings.cards import read_card
from bot.services.bookings.deciding import existing
from bot.services.bookings.reminding import remind
from bot.views.bookings import Card
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.bookings import Booking, BookingAction


class ReminderService:
    """Reminders, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not decide, or may not see the booking.
        BookingNotFound: from every method.
        BookingChanged: from every method, if `revision` is not the current one.
    """

    def __init__(self, desk: Desk, *, grace: timedelta) -> None:
        """Let a reminder be taken back for the time of `grace`."""
        self._desk = desk
        self._grace = grace

    async def remind(self, booking_id: int, *, revision: int, by: Actor) -> Card:
        """Owe the student a reminder that leaves when the grace is over.

        Raises:
            as `reminding.remind`.
        """
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            booking = await self._locked(uow, booking_id, revision)
            await remind(uow, booking, delay=self._grace)
            await uow.audit.record(BookingAction.REMIND, booking, booking, by=by)
            await uow.copies.touch(booking.id)
            return await self._card(uow, booking)

    async def take_back(self, booking_id: int, *, revision: int, by: Actor) -> Card:
        """Take the reminder back before it leaves.

        Raises:
            ReminderLeft: it has left, or is leaving.
        """
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            booking = await self._locked(uow, booking_id, revision)
            if not await uow.reminders.take_back(booking.id, booking.revision):
                raise ReminderLeft(booking)
            await uow.audit.forget_reminder(booking)
            await uow.copies.touch(booking.id)
            return await self._card(uow, booking)

    async def _locked(self, uow: UnitOfWork, booking_id: int, revision: int) -> Booking:
        booking = await existing(uow.bookings.lock, booking_id)
        uow.allow(booking.course_id)
        if booking.revision != revision:
            raise BookingChanged(await self._card(uow, booking))
        return booking

    async def _card(self, uow: UnitOfWork, booking: Booking) -> Card:
        return await read_card(uow, booking, await uow.audit.latest(booking), grace=self._grace)
