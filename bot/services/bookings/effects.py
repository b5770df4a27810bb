"""The effects of a decision besides the change itself, and how they are reverted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from db.database import UnitOfWork
from db.models.audit import Change, Remark
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.outbox import (
    CANCELLED,
    MOVED,
    WELCOME,
    OutgoingMessage,
    Priority,
    Reason,
    Sender,
)

TELLING: Final[Mapping[BookingAction, str]] = {
    BookingAction.CANCEL: CANCELLED,
    BookingAction.MOVE: MOVED,
}
"""The kind of the message by which the student is told of a decision, if an admin wants it."""

logger = structlog.get_logger(__name__)


async def apply(
    uow: UnitOfWork,
    action: BookingAction,
    after: Booking,
    *,
    grace: timedelta,
    priority: Priority = Priority.WAITED_FOR,
) -> str | None:
    """Write the effects of the action; the student hears of it when the grace is over.

    Returns:
        The stream that the user had before, for `revert`.
    """
    match action:
        case BookingAction.CONFIRM:
            await owe_welcome(uow, after, revision=after.revision, delay=grace, priority=priority)
            return await uow.users.follow(after)
        case BookingAction.MOVE:
            return await uow.users.follow(after)
        case BookingAction.CANCEL:
            await uow.outbox.withdraw(WELCOME, after.id, reason=Reason.CANCELLED)
    return None


async def revert(uow: UnitOfWork, change: Change, booking: Booking) -> bool:
    """Revert the effects of `change`, the booking's newest.

    Returns:
        False if the student may know: a message about it is leaving or has left, or an admin has
        told them.
    """
    if not await _taken_back(uow, change, booking):
        return False
    match change.action:
        case BookingAction.ADD if booking.status is not BookingStatus.CONFIRMED:
            return True
        case BookingAction.CONFIRM | BookingAction.ADD | BookingAction.MOVE:
            await uow.users.put_back(booking, change.user_stream_before)
        case BookingAction.CANCEL:
            await uow.outbox.restore(booking.id, revision=change.revision)
    return True


async def _taken_back(uow: UnitOfWork, change: Change, booking: Booking) -> bool:
    """Withdraw the message about the change; False if the student may know of it."""
    kind = TELLING.get(change.action, WELCOME)
    if kind is WELCOME and booking.status is not BookingStatus.CONFIRMED:
        return True
    await uow.outbox.withdraw(kind, booking.id, reason=Reason.UNDONE)
    owed = await uow.outbox.of_revision(kind, booking.id, change.revision, limit=1)
    return not any(message.may_be_known for message in owed)


async def tell(
    uow: UnitOfWork,
    action: BookingAction,
    booking: Booking,
    remark: Remark | None,
    *,
    delay: timedelta,
    priority: Priority,
) -> None:
    """Owe the student a message that the booking is cancelled or moved, with what was added.

    A booking of nobody owes none.
    """
    if booking.user_id is None:
        return
    about = OutgoingMessage.about(
        TELLING[action],
        booking.id,
        booking.revision,
        chat_id=booking.user_id,
        sender=Sender.STUDENTS,
    )
    payload = {} if remark is None else {"remark": dict(remark.texts)}
    await uow.outbox.owe(replace(about, payload=payload), delay=delay, priority=priority)


async def owe_welcome(
    uow: UnitOfWork,
    booking: Booking,
    *,
    revision: int,
    delay: timedelta = timedelta(0),
    priority: Priority = Priority.WAITED_FOR,
) -> None:
    """Owe the student a welcome for the confirmation that led to `revision`.

    A booking of nobody owes none until another program says whose it is.
    """
    if booking.user_id is None:
        logger.warning("a confirmed booking is nobody's", booking=booking.id)
        return
    owed = OutgoingMessage.about(
        WELCOME, booking.id, revision, chat_id=booking.user_id, sender=Sender.STUDENTS
    )
    await uow.outbox.owe(owed, delay=delay, priority=priority)


async def readdress_welcome(
    uow: UnitOfWork, booking: Booking, *, revision: int, priority: Priority = Priority.WAITED_FOR
) -> None:
    """Owe the welcome to whom the booking is now, and nobody else, with what time it had left."""
    left = await uow.outbox.withdraw_from_others(WELCOME, booking)
    await owe_welcome(uow, booking, revision=revision, delay=left, priority=priority)
    await uow.outbox.list_anew(booking)
