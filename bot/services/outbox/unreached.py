"""What an admin does on a booking's card with a message that has not reached the student."""

from datetime import timedelta

from bot.errors import BookingChanged, MessageChanged
from bot.services.access import Desk, Permission
from bot.services.bookings.cards import read_card
from bot.services.bookings.deciding import existing
from bot.services.outbox.acting import act_on
from bot.views.acting import MessageAction
from bot.views.bookings import Card
from db.database import UnitOfWork
from db.models.audit import Actor


class UnreachedService:
    """Messages that have not reached their students, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not deliver, or may not see the booking.
        MessageChanged, TakenByAnother: from every method; see `acting.act_on`.
    """

    def __init__(self, desk: Desk, *, grace: timedelta) -> None:
        """Let a decision be undone for the time of `grace`."""
        self._desk = desk
        self._grace = grace

    async def act(
        self, booking_id: int, action: MessageAction, *, revision: int, attempts: int, by: Actor
    ) -> Card:
        """Act on the message of the booking at this revision; return the card.

        Raises:
            BookingNotFound: there is no such booking.
            BookingChanged: the booking has another revision.
        """
        async with self._desk.transaction(by, Permission.DELIVER) as uow:
            card = await self._card(uow, booking_id)
            if card.booking.revision != revision:
                raise BookingChanged(card)
            if card.lost is None:
                raise MessageChanged
            await act_on(uow, card.lost, action, attempts=attempts, by=by)
            return await self._card(uow, booking_id)

    async def _card(self, uow: UnitOfWork, booking_id: int) -> Card:
        booking = await existing(uow.bookings.get, booking_id)
        uow.allow(booking.course_id)
        change = await uow.audit.latest(booking)
        return await read_card(uow, booking, change, grace=self._grace)
