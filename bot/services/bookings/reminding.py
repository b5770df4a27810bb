"""The rules of reminders: a student is reminded of a booking without a payment receipt."""

from collections.abc import Mapping, Set
from datetime import datetime, timedelta
from typing import Final

from bot.errors import ActionNotAllowed, OutOfReach, RemindedAlready
from db.database import UnitOfWork
from db.models.bookings import Booking, BookingStatus
from db.models.outbox import REMINDER, OutgoingMessage, Priority, Sender

REMIND_EVERY: Final = timedelta(days=3)
"""A student is reminded of a booking at most once in this time."""


async def remind(
    uow: UnitOfWork,
    booking: Booking,
    *,
    delay: timedelta,
    priority: Priority = Priority.WAITED_FOR,
) -> None:
    """Owe the student of a locked booking a reminder.

    Raises:
        ActionNotAllowed: the booking is not new.
        OutOfReach: the bot cannot write to the student.
        RemindedAlready: the last reminder is younger than REMIND_EVERY.
    """
    if booking.status is not BookingStatus.NEW:
        raise ActionNotAllowed(booking, REMINDER)
    if not is_in_reach(booking) or booking.user_id is None:
        raise OutOfReach(booking)
    if await reminded(uow, {booking.id}):
        raise RemindedAlready(booking, REMIND_EVERY.days)
    before = await uow.outbox.of_booking(REMINDER, booking, limit=1)
    owed = OutgoingMessage(
        kind=REMINDER,
        subject=f"{booking.id}:{before[0].id if before else 0}",
        chat_id=booking.user_id,
        sender=Sender.STUDENTS,
        booking_id=booking.id,
        revision=booking.revision,
    )
    await uow.outbox.owe(owed, delay=delay, priority=priority)


async def reminded(uow: UnitOfWork, bookings: Set[int]) -> Mapping[int, datetime]:
    """Return which of the bookings may not be reminded of again yet, with the last reminder."""
    return await uow.reminders.of_late(bookings, REMIND_EVERY)


def is_in_reach(booking: Booking) -> bool:
    """Whether the bot may be able to write to the student."""
    return booking.user_id is not None and not booking.reachability.keeps_off
