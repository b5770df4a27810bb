"""Carrying out one decision in a transaction: lock, check, change, record, owe."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import BookingChanged, BookingNotFound, UndoTooLate
from bot.services.bookings import effects, transitions
from bot.services.bookings.cards import read_card
from db.database import UnitOfWork
from db.models.audit import Actor, Change, Remark
from db.models.bookings import Booking, BookingAction
from db.models.outbox import Priority
from db.models.streams import Stream


@dataclass(frozen=True, slots=True)
class Decision:
    """What an admin wants with the booking at `revision`."""

    booking_id: int
    revision: int
    action: BookingAction
    by: Actor
    stream_id: int | None = None
    priority: Priority = Priority.WAITED_FOR
    """Of the message that the student is owed."""
    tell: bool = False
    """Tell the student that the booking is cancelled or moved."""
    remark: Remark | None = None
    back: str | None = None
    """The payload of the button back, for whoever comes too late."""

    def has_led_to(self, change: Change | None, stream: Stream | None) -> bool:
        """Whether an earlier delivery of this press made `change`, the booking's newest."""
        return (
            change is not None
            and change.revision == self.revision + 1
            and change.action is self.action
            and change.actor is not None
            and change.actor.id == self.by.id
            and (stream is None or change.after.course_stream == stream.code)
        )


async def carry_out(
    uow: UnitOfWork, decision: Decision, *, grace: timedelta
) -> tuple[Booking, Change | None]:
    """Carry the decision out, and return the booking and its newest change.

    Nothing is changed a second time by the same decision. What an error leaves behind must be
    rolled back.

    Raises:
        NotAllowed: the admin may not see the bookings of the course.
        BookingNotFound: there is no such booking.
        BookingChanged: the booking has another revision.
        ActionNotAllowed, StreamNotOpen: see `transitions.apply`.
        UndoTooLate: the grace is over, or the newest change is none that can be undone.
    """
    booking = await existing(uow.bookings.lock, decision.booking_id)
    uow.allow(booking.course_id)
    change = await uow.audit.latest(booking)
    stream = None
    if decision.stream_id is not None:
        stream = await uow.streams.hold(decision.stream_id)
    if decision.revision == booking.revision:
        return await _change(uow, decision, booking, change, stream=stream, grace=grace)
    if not decision.has_led_to(change, stream):
        card = await read_card(uow, booking, change, grace=grace)
        raise BookingChanged(card, decision.back)
    return booking, change


async def existing(read: Callable[[int], Awaitable[Booking | None]], booking_id: int) -> Booking:
    """Return what `read` finds.

    Raises:
        BookingNotFound: it finds nothing.
    """
    booking = await read(booking_id)
    if booking is None:
        raise BookingNotFound(booking_id)
    return booking


async def _change(
    uow: UnitOfWork,
    decision: Decision,
    before: Booking,
    change: Change | None,
    *,
    stream: Stream | None,
    grace: timedelta,
) -> tuple[Booking, Change]:
    user_stream_before = None
    if decision.action is BookingAction.UNDO:
        if (
            change is None
            or not transitions.undoable(change, before, grace)
            or not await effects.revert(uow, change, before)
        ):
            raise UndoTooLate(await read_card(uow, before, change, grace=grace))
        after = await uow.bookings.save(transitions.undone(before, change))
    else:
        after = await uow.bookings.save(transitions.apply(before, decision.action, stream))
        user_stream_before = await effects.apply(
            uow, decision.action, after, grace=grace, priority=decision.priority
        )
        await _tell(uow, decision, after, grace=grace)
    await uow.copies.touch(after.id)
    return after, await uow.audit.record(
        decision.action,
        before,
        after,
        by=decision.by,
        user_stream_before=user_stream_before,
        remark=decision.remark,
    )


async def _tell(uow: UnitOfWork, decision: Decision, after: Booking, *, grace: timedelta) -> None:
    if decision.tell and decision.action in effects.TELLING:
        await effects.tell(
            uow,
            decision.action,
            after,
            decision.remark,
            delay=grace,
            priority=decision.priority,
        )
