"""The effects of external changes: those of the school's student bot and dashboard."""

from collections.abc import Sequence
from typing import Final

import structlog

from bot.services.bookings.effects import owe_welcome, readdress_welcome
from db.database import Database, UnitOfWork
from db.errors import DatabaseUnavailable
from db.models.audit import Change
from db.models.bookings import Booking, BookingStatus
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
        try:
            changes = await self._follow()
        except DatabaseUnavailable:
            raise
        except Exception:
            # One change must not keep the others from being followed.
            logger.exception("changes are followed one by one")
            changes = await self._follow(apart=True)
        return 0 if changes else _POLL_SECONDS

    async def _follow(self, *, apart: bool = False) -> Sequence[Change]:
        """Take changes and follow them; `apart` skips one that cannot be followed."""
        async with self._db.transaction() as uow:
            changes = await uow.audit.take_external(_BATCH)
            # Nobody waits for one of many that a program changes at once, or changed while no
            # desk ran.
            priority = Priority.BULK if len(changes) > _FEW else Priority.EXTERNAL
            for change in changes:
                await (_follow_apart if apart else _follow)(uow, change, priority)
        return changes


async def _follow_apart(uow: UnitOfWork, change: Change, priority: Priority) -> None:
    try:
        async with uow.savepoint():
            await _follow(uow, change, priority)
    except DatabaseUnavailable:
        raise
    except Exception:
        logger.exception(
            "a change of another program cannot be followed",
            booking=change.booking_id,
            change=change.id,
        )


async def _follow(uow: UnitOfWork, change: Change, priority: Priority) -> None:
    await uow.copies.touch(change.booking_id)
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
    except DatabaseUnavailable as error:
        # Another program holds the row, perhaps for long; the welcome is owed anyway.
        logger.warning(
            "the user's stream is not updated",
            booking=booking.id,
            user=booking.user_id,
            reason=error,
        )
    # A later confirmation owes a welcome of its own; a later move owes none.
    confirmed_at = await uow.audit.newest_confirmation(booking)
    if confirmed_at is not None and change.readdressed:
        await readdress_welcome(uow, booking, revision=confirmed_at, priority=priority)
    elif confirmed_at == change.revision and not await _came_back(uow, change, booking):
        await owe_welcome(uow, booking, revision=change.revision, priority=priority)


async def _came_back(uow: UnitOfWork, change: Change, booking: Booking) -> bool:
    """Whether the change inserted a booking that some program had deleted, as a reload does."""
    return change.revision == booking.first_revision and await uow.audit.came_back(booking)
