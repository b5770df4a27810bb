"""Carrying out one decision for many bookings, a transaction for each."""

from dataclasses import dataclass
from typing import Final

from bot.errors import (
    ActionNotAllowed,
    BookingChanged,
    BookingNotFound,
    BulkChanged,
    NotAllowed,
    OutOfReach,
    RemindedAlready,
    StreamNotOpen,
    UndoTooLate,
)
from bot.services.access import Desk, Permission
from bot.services.backlog.bulks import BULK_GRACE, BULK_HOLD, read_bulk
from bot.services.bookings.deciding import Decision, carry_out
from bot.services.bookings.reminding import remind
from bot.views.bulks import BulkView
from bot.views.progress import Progress
from db.database import Database, UnitOfWork
from db.models.bookings import BookingAction
from db.models.bulks import Bulk, BulkAction, BulkItem, BulkState, ItemResult
from db.models.outbox import Priority

_ROWS: Final = 50
"""Rows until the progress is shown again."""
_NOT_AS_REHEARSED: Final = (BookingChanged, BookingNotFound)
_NOT_POSSIBLE: Final = (ActionNotAllowed, NotAllowed, StreamNotOpen)
_NOT_TO_REMIND: Final = (ActionNotAllowed, NotAllowed, OutOfReach, RemindedAlready)


class BulkRunService:
    """The work of bulks, for the worker.

    Every replica may do it: a row is carried out once, whoever comes first.
    """

    def __init__(self, db: Database, desk: Desk) -> None:
        self._db = db
        self._desk = desk

    async def run(self) -> Progress[BulkView] | None:
        """Carry out up to _ROWS rows of the oldest bulk; None if there is nothing to do."""
        async with self._db.statement() as uow:
            bulk = await uow.bulks.working()
        if bulk is None:
            return None
        rows = 0
        while rows < _ROWS and await self._row(bulk):
            rows += 1
        async with self._db.snapshot() as uow:
            now = await uow.bulks.get(bulk.id)
            return None if now is None else Progress(await read_bulk(uow, now), rows)

    async def _row(self, bulk: Bulk) -> bool:
        """Carry out a row; False if there is none any more."""
        try:
            async with self._desk.transaction(bulk.by, Permission.DECIDE) as uow:
                item = await uow.bulks.take_item(bulk)
                if item is None:
                    undone = bulk.state is BulkState.UNDOING
                    ended = BulkState.UNDONE if undone else BulkState.DONE
                    await uow.bulks.finish(bulk, ended, grace=BULK_GRACE)
                    return False
                await _carry_out(uow, bulk, item)
        except BulkChanged:
            return False
        except NotAllowed:
            # Whoever began it is no admin any more.
            async with self._db.transaction() as uow:
                await uow.bulks.finish(bulk, BulkState.STOPPED, grace=BULK_GRACE)
            return False
        return True


async def _carry_out(uow: UnitOfWork, bulk: Bulk, item: BulkItem) -> None:
    """Carry out the row, and write what became of it.

    Raises:
        BulkChanged: the bulk has been stopped meanwhile.
    """
    outcome = await _outcome(uow, bulk, item)
    if not await uow.bulks.mark(bulk, item, outcome.result, outcome.revision):
        raise BulkChanged


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: ItemResult
    revision: int | None = None


async def _outcome(uow: UnitOfWork, bulk: Bulk, item: BulkItem) -> _Outcome:
    """Carry out the row, and return what became of it."""
    undoing = bulk.state is BulkState.UNDOING
    if bulk.action is BulkAction.REMIND:
        return await (_take_back if undoing else _remind)(uow, item)
    decision = Decision(
        item.booking_id,
        item.revision_after if undoing and item.revision_after is not None else item.revision,
        BookingAction.UNDO if undoing else bulk.action.decision,
        bulk.by,
        None if undoing else bulk.stream_id,
        Priority.BULK,
        tell=bulk.tell,
    )
    try:
        async with uow.savepoint():
            after, _ = await carry_out(uow, decision, grace=BULK_HOLD)
    except (*_NOT_AS_REHEARSED, *_NOT_POSSIBLE, UndoTooLate) as error:
        if undoing:
            return _Outcome(ItemResult.KEPT)
        changed = isinstance(error, _NOT_AS_REHEARSED)
        return _Outcome(ItemResult.CHANGED if changed else ItemResult.REFUSED)
    return _Outcome(ItemResult.UNDONE if undoing else ItemResult.DONE, after.revision)


async def _remind(uow: UnitOfWork, item: BulkItem) -> _Outcome:
    """Owe the student of the row a reminder, and return what became of it."""
    booking = await uow.bookings.lock(item.booking_id)
    if booking is None or booking.revision != item.revision:
        return _Outcome(ItemResult.CHANGED)
    try:
        uow.allow(booking.course_id)
        await remind(uow, booking, delay=BULK_HOLD, priority=Priority.BULK)
    except _NOT_TO_REMIND:
        return _Outcome(ItemResult.REFUSED)
    return _Outcome(ItemResult.DONE, booking.revision)


async def _take_back(uow: UnitOfWork, item: BulkItem) -> _Outcome:
    """Take the reminder of the row back, and return what became of it."""
    undone = await uow.reminders.take_back(item.booking_id, item.revision)
    return _Outcome(ItemResult.UNDONE if undone else ItemResult.KEPT)
