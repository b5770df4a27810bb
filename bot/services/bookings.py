"""Reading bookings and deciding them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.errors import BookingChanged, BookingNotFound
from bot.services import transitions
from bot.services.paging import read_list
from bot.services.staff import Staff
from db.database import Database, UnitOfWork
from db.models import (
    Actor,
    Booking,
    BookingAction,
    BookingList,
    Card,
    Change,
    MessageKind,
    Place,
    Reason,
    Stream,
)


class BookingService:
    """Everything an admin can ask of the bookings.

    The actions take the revision that the admin was looking at and return the card as it
    is afterwards. Telegram may deliver a press twice: the same action by the same admin from
    the same revision changes nothing the second time and returns the card again.

    Raises:
        NotAllowed: from every method, when `by` is not an admin.
        BookingNotFound: from every method that takes a booking.
        BookingChanged: from every method whose revision is not the current one.
        ActionNotAllowed, StreamNotOpen: from the actions; see `transitions.apply`.
    """

    def __init__(self, db: Database, staff: Staff) -> None:
        self._db = db
        self._staff = staff

    async def list(self, place: Place, *, by: Actor) -> BookingList:
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            return await read_list(uow, place)

    async def card(self, booking_id: int, *, by: Actor, revision: int | None = None) -> Card:
        """Return the card, if need be only while it is at `revision`."""
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            return await _current(uow, booking_id, revision)

    async def destinations(
        self, booking_id: int, *, revision: int, by: Actor
    ) -> tuple[Card, Sequence[Stream]]:
        """Return the card, and the streams the booking can be moved into, newest first."""
        self._staff.check(by)
        async with self._db.snapshot() as uow:
            card = await _current(uow, booking_id, revision)
            return card, await uow.streams.open_beside(card.booking)

    async def confirm(self, booking_id: int, *, revision: int, by: Actor) -> Card:
        """Give the student the place, and owe them a welcome."""
        return await self._decide(_Decision(booking_id, revision, BookingAction.CONFIRM, by))

    async def cancel(self, booking_id: int, *, revision: int, by: Actor) -> Card:
        """Give up the place; a welcome that has not left yet is withdrawn."""
        return await self._decide(_Decision(booking_id, revision, BookingAction.CANCEL, by))

    async def move(self, booking_id: int, *, revision: int, stream_id: int, by: Actor) -> Card:
        """Put the booking into another open stream of its course; its status stays."""
        return await self._decide(
            _Decision(booking_id, revision, BookingAction.MOVE, by, stream_id)
        )

    async def _decide(self, decision: "_Decision") -> Card:
        self._staff.check(decision.by)
        async with self._db.transaction() as uow:
            booking = await _found(uow.bookings.lock, decision.booking_id)
            stream = None
            if decision.stream_id is not None:
                stream = await uow.streams.hold(decision.stream_id)
            if booking.revision != decision.revision:
                if not decision.made(await uow.audit.latest(booking.id), stream):
                    raise BookingChanged(await _card(uow, booking))
            else:
                after = transitions.apply(booking, decision.action, stream)
                booking = await _save(uow, decision, booking, after)
            return await _card(uow, booking)


@dataclass(frozen=True, slots=True)
class _Decision:
    """One press of one admin on the booking as they saw it."""

    booking_id: int
    revision: int
    action: BookingAction
    by: Actor
    stream_id: int | None = None

    def made(self, change: Change | None, stream: Stream | None) -> bool:
        """Whether `change`, the booking's newest, is what this very press has done before."""
        return (
            change is not None
            and change.revision == self.revision + 1
            and change.action is self.action
            and change.actor is not None
            and change.actor.id == self.by.id
            and (stream is None or change.stream_after == stream.code)
        )


async def _save(uow: UnitOfWork, decision: _Decision, before: Booking, after: Booking) -> Booking:
    after = replace(after, revision=await uow.bookings.save(after))
    await uow.audit.record(decision.action, before, after, by=decision.by)
    match decision.action:
        case BookingAction.CONFIRM:
            await uow.users.follow(after)
            await uow.outbox.owe(
                MessageKind.WELCOME,
                booking_id=after.id,
                user_id=after.user_id,
                revision=after.revision,
            )
        case BookingAction.CANCEL:
            await uow.outbox.withdraw(after.id, reason=Reason.CANCELLED)
        case BookingAction.MOVE:
            await uow.users.follow(after)
    return after


async def _found(read: Callable[[int], Awaitable[Booking | None]], booking_id: int) -> Booking:
    booking = await read(booking_id)
    if booking is None:
        raise BookingNotFound(booking_id)
    return booking


async def _current(uow: UnitOfWork, booking_id: int, revision: int | None) -> Card:
    card = await _card(uow, await _found(uow.bookings.get, booking_id))
    if revision is not None and card.booking.revision != revision:
        raise BookingChanged(card)
    return card


async def _card(uow: UnitOfWork, booking: Booking) -> Card:
    return Card(
        booking=booking,
        decision=await uow.audit.latest(booking.id),
        welcome=await uow.outbox.latest(booking.id, MessageKind.WELCOME),
        reachability=await uow.people.reachability(booking.user_id),
        actions=transitions.actions(booking.status),
    )
