"""One batch of an import, in one transaction: added, or taken back."""

from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import structlog

from bot.errors import NotAllowed
from bot.errors.adding import ImportChanged
from bot.services.access import Desk, Permission
from bot.services.adding.imports import UNDO
from bot.services.backlog.bulks import BULK_GRACE, BULK_HOLD
from bot.services.bookings.effects import owe_welcome
from db.database import UnitOfWork
from db.errors import RowRefused
from db.models.adding.drafts import NewBooking, Person
from db.models.adding.imports import AddedRow, Import, ImportState, Row, RowResult
from db.models.audit import Actor
from db.models.bookings import BookingStatus
from db.models.outbox import WELCOME, Priority, Reason

ROWS: Final = 200
"""Of one batch, whose transaction other writers may have to wait for."""
_COURSES: Final = 20
T = TypeVar("T")

logger = structlog.get_logger(__name__)


class Batches:
    """Adds the rows of imports, and takes them back."""

    def __init__(self, desk: Desk, *, zone: ZoneInfo) -> None:
        self._desk = desk
        self._zone = zone.key

    async def add(self, imported: Import, *, now: datetime) -> int:
        """Add the next rows; return how many, 0 at the end or if the import is stopped.

        Raises:
            NotAllowed: who began it may not add bookings any more.
            ImportChanged: it was stopped meanwhile, and nothing is added.
        """
        async with self._desk.transaction(imported.by, Permission.ADD) as uow:
            if await uow.imports.state(imported) is not imported.state:
                return 0
            names = await uow.imports.rows.new_courses(imported, limit=_COURSES)
            for name in names:
                await _open_course(uow, imported, name)
            if names:
                return len(names)
            rows = await uow.imports.rows.take(imported, limit=ROWS)
            if not rows:
                await uow.imports.finish(imported, ImportState.DONE, undo=UNDO, grace=BULK_GRACE)
                return 0
            known = set() if imported.twins else await uow.imports.rows.twins(imported, rows)
            await self._insert(uow, imported, [row for row in rows if row.line not in known], now)
            return len(rows)

    async def take_back(self, imported: Import) -> int:
        """Take back the last rows that nobody has changed; return how many were looked at.

        Raises:
            NotAllowed: who undoes it may not add bookings any more.
            ImportChanged: it was stopped meanwhile, and nothing is taken back.
        """
        by = imported.undone_by
        if by is None:
            raise NotAllowed
        async with self._desk.transaction(by, Permission.ADD) as uow:
            if await uow.imports.state(imported) is not imported.state:
                return 0
            rows = await uow.imports.rows.take_back(imported, limit=ROWS)
            if not rows:
                await uow.imports.finish(imported, ImportState.UNDONE, undo=UNDO, grace=BULK_GRACE)
                return 0
            kept = await _take_back(uow, imported, rows, by)
            gone = [row.line for row in rows if row.line not in kept]
            await uow.imports.rows.mark(imported, sorted(kept), RowResult.KEPT)
            await uow.imports.rows.mark(imported, gone, RowResult.UNDONE)
            await _count(uow, imported, -len(gone))
            return len(rows)

    async def _insert(
        self, uow: UnitOfWork, imported: Import, rows: Sequence[Row], now: datetime
    ) -> None:
        """Add the rows; those that the school's table refuses are marked with the reason."""
        await uow.adding.use_zone(self._zone)
        new = {row.line: _booking(row, now) for row in rows}
        await _quietly(uow.adding.meet([each.person for each in new.values()]))
        added = await _insert_all(uow, imported, new)
        followed = await _quietly(uow.adding.follow([new[line] for line in added])) or set()
        await uow.adding.log(dict(added.values()), by=imported.by)
        await uow.imports.rows.added(
            imported,
            [
                AddedRow(line, *booking, new[line].person.user_id in followed)
                for line, booking in added.items()
            ],
        )
        if imported.welcomes:
            await _welcome(uow, [booking for booking, _ in added.values()])
        await _count(uow, imported, len(added))


async def _count(uow: UnitOfWork, imported: Import, added: int) -> None:
    # This is the last thing of a batch, so that who stops the import waits for no batch.
    if not await uow.imports.count(imported, added):
        raise ImportChanged


async def _open_course(uow: UnitOfWork, imported: Import, name: str) -> None:
    try:
        course_id = await uow.courses.open(name)
    except RowRefused as refusal:
        await uow.imports.rows.refuse_course(imported, name, str(refusal))
    else:
        await uow.imports.rows.place(imported, name, course_id)


def _booking(row: Row, now: datetime) -> NewBooking:
    if row.user_id is None or row.confirmed is None:
        raise ValueError(row.line)
    return NewBooking(
        person=Person(user_id=row.user_id, first_name=row.first_name, username=row.username),
        course_id=row.course_id,
        course_stream=row.course_stream,
        confirmed=row.confirmed,
        created_at=row.created_at or now,
        referral_code=row.referral_code,
        discount_percent=row.discount_percent,
    )


async def _insert_all(
    uow: UnitOfWork, imported: Import, new: Mapping[int, NewBooking]
) -> Mapping[int, tuple[int, int]]:
    """Return the number and the revision of each booking that is added, by its line."""
    try:
        return dict(zip(new, await uow.adding.insert_all(list(new.values())), strict=True))
    except RowRefused:
        # One of them is refused; one by one, the others are taken.
        added = {}
    for line, each in new.items():
        try:
            [added[line]] = await uow.adding.insert_all([each])
        except RowRefused as refusal:
            await uow.imports.rows.mark(imported, [line], RowResult.REFUSED, str(refusal))
    return added


async def _welcome(uow: UnitOfWork, bookings: Sequence[int]) -> None:
    """Owe those a welcome who are confirmed; it leaves after the import's end."""
    for booking in (await uow.bookings.of_ids(frozenset(bookings))).values():
        if booking.status is BookingStatus.CONFIRMED:
            await owe_welcome(
                uow, booking, revision=booking.revision, delay=BULK_HOLD, priority=Priority.BULK
            )


async def _take_back(
    uow: UnitOfWork, imported: Import, rows: Sequence[AddedRow], by: Actor
) -> set[int]:
    """Delete the bookings of the rows; return the lines of those that are kept."""
    there = await uow.adding.lock_all([row.booking for row in rows])
    same = [row for row in rows if there.get(row.booking) == row.revision]
    removed = await _remove(uow, imported, same, by)
    return {row.line for row in rows if row.booking in there and row.booking not in removed}


async def _withdraw(uow: UnitOfWork, rows: Sequence[AddedRow]) -> set[int]:
    """Withdraw the welcomes; return the bookings whose students may have been told."""
    told = set()
    for row in rows:
        await uow.outbox.withdraw(WELCOME, row.booking, reason=Reason.UNDONE)
        owed = await uow.outbox.of_revision(WELCOME, row.booking, row.revision, limit=1)
        if any(welcome.may_be_known for welcome in owed):
            told.add(row.booking)
    return told


async def _remove(
    uow: UnitOfWork, imported: Import, rows: Sequence[AddedRow], by: Actor
) -> set[int]:
    """Delete the bookings; return those that nobody was told of and the school's table lets go."""
    try:
        async with uow.savepoint():
            told = await _withdraw(uow, rows) if imported.welcomes else set()
            free = {row.booking: row.revision for row in rows if row.booking not in told}
            followed = [row.booking for row in rows if row.followed and row.booking in free]
            await _quietly(uow.adding.unfollow(followed))
            await uow.adding.remove(free, by=by)
            await uow.copies.touch(*free)
    except RowRefused:
        if len(rows) == 1:
            return set()
    else:
        return set(free)
    # One of them is refused; one by one, the others are let go.
    return {booking for row in rows for booking in await _remove(uow, imported, [row], by)}


async def _quietly(writing: Awaitable[T]) -> T | None:
    """Return what is written to the school's users, or log that they do not take it."""
    try:
        return await writing
    except RowRefused as refusal:
        logger.warning("the school's users do not take an import", reason=str(refusal))
        return None
