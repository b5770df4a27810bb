"""The effects of external changes: those of the school's student bot and dashboard."""

from typing import Final

import structlog

from bot.services.bookings.effects import owe_welcome
from db.database import Database, UnitOfWork
from db.models.audit import Change
from db.models.bookings import BookingStatus
from db.models.outbox import WELCOME, Priority, Reason

_BATCH: Final = 50
_FEW: Final = 5
"""As many changes at once as people make by hand."""
_POLL_SECONDS: Final = 5.0

logger = structlog.get_logger(__name__)


class ExternalChangeService:
    """The effects of changes that other programs made.

    The database records these changes also while no desk runs, so none is missed.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    async def follow(self) -> float:
        """Apply the effects of up to 50 changes, oldest first.

        Returns:
            The seconds after which there may be more.
        """
        async with self._db.transaction() as uow:
            changes = await uow.audit.take_external(_BATCH)
            # Nobody waits for one of many that a program changes at once, or changed while no
            # desk ran.
            priority = Priority.BULK if len(changes) > _FEW else Priority.OUTSIDE
            for change in changes:
                await _follow(uow, change, priority)
        return 0 if changes else _POLL_SECONDS


async def _follow(uow: UnitOfWork, change: Change, priority: Priority) -> None:
    booking = await uow.bookings.lock(change.booking_id)
    if booking is None or not booking.includes(change.revision):
        return
    if booking.status is not BookingStatus.CONFIRMED:
        cancelled = booking.status is BookingStatus.CANCELLED
        reason = Reason.CANCELLED if cancelled else Reason.NOT_CONFIRMED
        await uow.outbox.withdraw(WELCOME, booking.id, reason=reason)
        return
    try:
        async with uow.savepoint():
            await uow.users.follow(booking)
    except Exception:
        # The table belongs to other programs and may have constraints; the welcome is owed anyway.
        logger.exception(
            "the user's stream is not updated", booking=booking.id, user=booking.user_id
        )
    # A later confirmation owes a welcome of its own; a later move owes none.
    if await uow.audit.is_newest_confirmation(change):
        await owe_welcome(uow, booking, revision=change.revision, priority=priority)
