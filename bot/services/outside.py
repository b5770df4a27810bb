"""Following up what other programs changed: the school's student bot, its dashboard."""

from db.database import Database, UnitOfWork
from db.models import BookingStatus, Change, MessageKind, Reason

_BATCH = 50


class OutsideService:
    """What is owed for changes that the desk did not make itself.

    The database records them also while no desk runs, so none is missed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    async def follow(self) -> int:
        """Follow up to 50 changes, oldest first; return how many there were."""
        async with self._db.transaction() as uow:
            changes = await uow.audit.take_outside(_BATCH)
            for change in changes:
                await _follow(uow, change)
        return len(changes)


async def _follow(uow: UnitOfWork, change: Change) -> None:
    booking = await uow.bookings.lock(change.booking_id)
    if booking is None:
        return
    if booking.status is not BookingStatus.CONFIRMED:
        cancelled = booking.status is BookingStatus.CANCELLED
        reason = Reason.CANCELLED if cancelled else Reason.NOT_CONFIRMED
        await uow.outbox.withdraw(booking.id, reason=reason)
        return
    await uow.users.follow(booking)
    # A later confirmation owes the welcome itself; a later move takes it nowhere.
    if await uow.audit.is_newest_confirmation(change):
        await uow.outbox.owe(
            MessageKind.WELCOME,
            booking_id=booking.id,
            user_id=booking.user_id,
            revision=change.revision,
        )
