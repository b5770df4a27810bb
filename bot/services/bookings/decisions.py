"""Reading bookings and deciding them."""

from datetime import timedelta

from bot.errors import BookingChanged
from bot.running.one_at_a_time import OneAtATime
from bot.services.access import Desk, Permission
from bot.services.bookings.cards import read_card
from bot.services.bookings.deciding import Decision, carry_out, existing
from bot.views.bookings import Card
from db.database import UnitOfWork
from db.models.audit import Actor, Change
from db.models.bookings import Booking, BookingAction


class BookingService:
    """Cards and decisions, for admins.

    A decision takes the revision that the button was drawn for and returns the card as it is
    afterwards. Telegram may deliver a press twice, so the same decision of the same admin at the
    same revision changes nothing the second time and returns the card again.

    Raises:
        NotAllowed: from every method, if `by` lacks the permission, or may not see the booking.
        BookingNotFound: from every method.
        BookingChanged: from every method, if `revision` is not the current one.
        ActionNotAllowed, StreamNotOpen: from the decisions; see `transitions.apply`.
    """

    def __init__(self, desk: Desk, *, grace: timedelta) -> None:
        """Allow undoing a decision for the time of `grace`."""
        self._desk = desk
        self._grace = grace
        self._presses = OneAtATime()

    async def card(self, booking_id: int, *, by: Actor, revision: int | None = None) -> Card:
        """Return the card, if `revision` is None or the current one."""
        async with self._desk.snapshot(by) as uow:
            return await self._current(uow, booking_id, revision)

    async def confirm(self, booking_id: int, *, revision: int, by: Actor) -> Card:
        """Give the student the place, and owe them a welcome."""
        return await self.decide(BookingAction.CONFIRM, booking_id, revision=revision, by=by)

    async def cancel(self, booking_id: int, *, revision: int, by: Actor) -> Card:
        """Cancel the booking, and withdraw a welcome that is not sent yet."""
        return await self.decide(BookingAction.CANCEL, booking_id, revision=revision, by=by)

    async def decide(
        self, action: BookingAction, booking_id: int, *, revision: int, by: Actor
    ) -> Card:
        """Do what a button names: CONFIRM, CANCEL, REOPEN or UNDO; see `transitions`."""
        return await self.carry_out(Decision(booking_id, revision, action, by), by=by)

    async def move(self, booking_id: int, *, revision: int, stream_id: int, by: Actor) -> Card:
        """Move the booking to another open stream of its course; its status stays."""
        return await self.carry_out(
            Decision(booking_id, revision, BookingAction.MOVE, by, stream_id), by=by
        )

    async def undo(self, booking_id: int, *, revision: int, by: Actor) -> Card:
        """Undo the decision that led to this revision, within its grace.

        Booking, user and outbox are as before, the student hears nothing, and the audit has one
        entry more. Any admin may undo; an undo cannot be undone.

        Raises:
            UndoTooLate: the grace is over, or the newest change is none that can be undone.
        """
        return await self.decide(BookingAction.UNDO, booking_id, revision=revision, by=by)

    async def carry_out(self, decision: Decision, *, by: Actor) -> Card:
        """Carry out a decision that says more than its action: what the student is told."""
        transaction = self._desk.transaction(by, Permission.DECIDE)
        async with self._presses.turn(decision.booking_id), transaction as uow:
            booking, change = await carry_out(uow, decision, grace=self._grace)
            return await self._card_of(uow, booking, change)

    async def _current(self, uow: UnitOfWork, booking_id: int, revision: int | None) -> Card:
        booking = await existing(uow.bookings.get, booking_id)
        uow.allow(booking.course_id)
        card = await self._card_of(uow, booking, await uow.audit.latest(booking))
        if revision is not None and card.booking.revision != revision:
            raise BookingChanged(card)
        return card

    async def _card_of(self, uow: UnitOfWork, booking: Booking, change: Change | None) -> Card:
        return await read_card(uow, booking, change, grace=self._grace)
