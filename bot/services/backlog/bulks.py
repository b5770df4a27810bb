"""Beginning, stopping and undoing one decision for many bookings."""

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import (
    ActionNotAllowed,
    BulkChanged,
    BulkNotFound,
    NotAllowed,
    SecondAdminNeeded,
    StreamNotOpen,
)
from bot.services.access import Desk, Permission
from bot.services.access.receivers import Receivers
from bot.services.bookings import transitions
from bot.services.bookings.reminding import is_in_reach, reminded
from bot.services.lists.filtered import names_of, older_than
from bot.services.lists.paging import PAGE_SIZE
from bot.services.lists.walk import Walk
from bot.views.bulks import BulkChoice, BulkPage, BulkView
from bot.views.lists import BulkOrigin, Origin, SavedQuery
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.bulks import MOST_IN_BULK, Bulk, BulkAction, BulkPart, BulkState, ListPage
from db.models.filters import Filter
from db.models.outbox import APPROVAL, OutgoingMessage, Sender
from db.models.streams import Stream

BULK_GRACE: Final = timedelta(seconds=60)
"""How long a bulk that has ended can be undone, before the students hear of it."""
BULK_HOLD: Final = timedelta(hours=1)
"""How long the messages of a bulk wait for its end; then they leave with its grace."""
_SHOWN: Final = 10


class BulkService:
    """Bulks, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not decide.
        BulkNotFound: from the methods that take a number.
        BulkChanged: from begin, set_telling, approve, refuse, stop and undo, if the bulk is not in
            the state for it.
    """

    def __init__(
        self,
        desk: Desk,
        receivers: Receivers,
        *,
        timezone: ZoneInfo,
        approval_from: int | None = None,
        tell: bool = True,
    ) -> None:
        """Read the days of filters in the school's `timezone`.

        A bulk of `approval_from` bookings or more begins when a second admin approves. `tell` is
        whether students hear of a cancellation or a move unless an admin says otherwise.
        """
        self._desk = desk
        self._receivers = receivers
        self._approval_from = approval_from
        self._tell = tell
        self._zone = timezone.key

    async def choices(self, origin: Origin, *, by: Actor, now: datetime) -> BulkChoice:
        """Return what can be done with the list, asked on one of its pages."""
        async with self._desk.snapshot(by, Permission.DECIDE) as uow:
            walk = await Walk.of(uow, origin.list, now)
            streams = await uow.streams.open_of(walk.filter.course)
            return BulkChoice(origin=origin, total=await walk.length(), streams=streams)

    async def rehearse(
        self,
        origin: Origin,
        action: BulkAction,
        stream_id: int | None = None,
        *,
        by: Actor,
        now: datetime,
        older: int | None = None,
    ) -> BulkView:
        """Fix the first MOST_IN_BULK bookings of the list at their present revisions.

        `older` leaves out those that are not older than so many days.
        """
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            walk = await Walk.of(uow, origin.list, now)
            if older is not None:
                walk = await self._older(uow, walk.filter, older, now)
            stream = None if stream_id is None else await uow.streams.get(stream_id)
            bookings = [booking async for booking in walk.first(MOST_IN_BULK)]
            kept = await _fitting(uow, bookings, action, stream)
            fitting = [booking for booking in bookings if booking.id in kept]
            bulk_id = await uow.bulks.rehearse(
                action,
                by=by,
                stream_id=stream_id,
                asked_on=ListPage(await uow.saved_queries.keep(walk.filter), origin.cursor),
                fitting=fitting,
                refused=[booking for booking in bookings if booking.id not in kept],
            )
            if not self._tell:
                await uow.bulks.set_telling(bulk_id, tell=False)
            return await read_bulk(uow, await _existing(uow, bulk_id))

    async def _older(self, uow: UnitOfWork, filter_: Filter, days: int, now: datetime) -> Walk:
        """Return the walk through what the filter has that is older than so many days."""
        return await Walk.of(
            uow,
            SavedQuery(
                await uow.saved_queries.keep(
                    older_than(replace(filter_, zone=self._zone), days, now)
                )
            ),
            now,
        )

    async def get(self, bulk_id: int, *, by: Actor) -> BulkView:
        async with self._desk.snapshot(by, Permission.DECIDE) as uow:
            return await read_bulk(uow, await _existing(uow, bulk_id))

    async def page(self, origin: BulkOrigin, *, by: Actor) -> BulkPage:
        """Return the page; the last one if the offset lies behind it."""
        async with self._desk.snapshot(by, Permission.DECIDE) as uow:
            bulk = await _existing(uow, origin.bulk)
            last = max(0, bulk.number(*origin.part.results) - 1)
            first = min(origin.offset, last) // PAGE_SIZE * PAGE_SIZE
            ids = await uow.bulks.bookings_of(bulk, origin.part, offset=first, limit=PAGE_SIZE)
            view = await _read(uow, bulk, ids)
            behind = first + PAGE_SIZE
            return BulkPage(
                view=view,
                origin=replace(origin, offset=first),
                previous=first - PAGE_SIZE if first else None,
                following=behind if behind <= last else None,
            )

    async def begin(
        self, bulk_id: int, *, by: Actor, chat_id: int, message_id: int, language: str
    ) -> None:
        """Let the workers carry it out, or ask a second admin whether they may.

        The message shows the progress. Only the author may begin.
        """
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            bulk = await _existing(uow, bulk_id)
            if bulk.by.id != by.id:
                raise NotAllowed
            await uow.bulks.show_in(
                bulk_id, chat_id=chat_id, message_id=message_id, language=language
            )
            asks = self._approval_from is not None and bulk.waiting >= self._approval_from
            state = BulkState.ASKED if asks else BulkState.RUNNING
            if not await uow.bulks.move_on(bulk_id, BulkState.REHEARSED, state):
                raise BulkChanged
            if asks:
                for receiver in self._receivers.group or self._receivers.admins - {by.id}:
                    await uow.outbox.owe(_news(bulk, BulkState.ASKED, receiver))

    async def set_telling(self, bulk_id: int, *, tell: bool, by: Actor) -> None:
        """Choose whether the students hear of a cancellation or a move that has not begun."""
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            await _existing(uow, bulk_id)
            if not await uow.bulks.set_telling(bulk_id, tell=tell):
                raise BulkChanged

    async def approve(self, bulk_id: int, *, by: Actor) -> None:
        """Let the workers carry out what another admin asks for.

        Raises:
            SecondAdminNeeded: `by` is who asks.
        """
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            bulk = await _existing(uow, bulk_id)
            if bulk.by.id == by.id:
                raise SecondAdminNeeded
            if not await uow.bulks.settle(bulk_id, BulkState.RUNNING, by=by):
                raise BulkChanged

    async def refuse(self, bulk_id: int, *, by: Actor) -> None:
        """End what a second admin was asked for; whoever asked is told, and may do so, too."""
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            bulk = await _existing(uow, bulk_id)
            if not await uow.bulks.settle(bulk_id, BulkState.REFUSED, by=by):
                raise BulkChanged
            if bulk.by.id != by.id:
                await uow.outbox.owe(_news(bulk, BulkState.REFUSED, bulk.by.id))

    async def stop(self, bulk_id: int, *, by: Actor) -> None:
        """Carry out no more rows; those that are done stay, and can be undone."""
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            bulk = await _existing(uow, bulk_id)
            if bulk.state is not BulkState.RUNNING:
                raise BulkChanged
            await uow.bulks.finish(bulk, BulkState.STOPPED, grace=BULK_GRACE)

    async def undo(self, bulk_id: int, *, by: Actor) -> None:
        """Let the workers take back every row that nobody has changed since."""
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            bulk = await _existing(uow, bulk_id)
            if bulk.state.works or not await uow.bulks.move_on(
                bulk_id, bulk.state, BulkState.UNDOING
            ):
                raise BulkChanged
            await uow.bulks.hold_messages(bulk_id, BULK_HOLD)


def _news(bulk: Bulk, state: BulkState, chat_id: int) -> OutgoingMessage:
    """Return the message to an admin that the bulk is in this state."""
    return OutgoingMessage(
        kind=APPROVAL,
        subject=f"{bulk.id}:{state}",
        chat_id=chat_id,
        sender=Sender.DESK,
        payload={"bulk": bulk.id, "state": state},
    )


async def _existing(uow: UnitOfWork, bulk_id: int) -> Bulk:
    bulk = await uow.bulks.get(bulk_id)
    if bulk is None:
        raise BulkNotFound
    return bulk


async def read_bulk(uow: UnitOfWork, bulk: Bulk) -> BulkView:
    """Return the bulk with the first bookings that it has left alone."""
    return await _read(uow, bulk, await uow.bulks.bookings_of(bulk, BulkPart.LEFT, limit=_SHOWN))


async def _read(uow: UnitOfWork, bulk: Bulk, shown: Sequence[int]) -> BulkView:
    bookings = await uow.bookings.of_ids(frozenset(shown))
    changes = {
        booking.id: change
        for booking in bookings.values()
        if (change := await uow.audit.latest(booking)) is not None
    }
    stream = None if bulk.stream_id is None else await uow.streams.get(bulk.stream_id)
    query = await uow.saved_queries.get(bulk.query)
    filter_ = query if isinstance(query, Filter) else Filter()
    return BulkView(
        bulk=bulk,
        stream=stream,
        filter=filter_,
        names=await names_of(uow, filter_),
        shown=shown,
        bookings=bookings,
        changes=changes,
    )


async def _fitting(
    uow: UnitOfWork, bookings: Sequence[Booking], action: BulkAction, stream: Stream | None
) -> Set[int]:
    """Return the ids of the bookings to which the action can be applied."""
    if action is not BulkAction.REMIND:
        return {each.id for each in bookings if _fits(each, action.decision, stream)}
    lately = await reminded(uow, {booking.id for booking in bookings})
    return {
        booking.id
        for booking in bookings
        if booking.status is BookingStatus.NEW
        and is_in_reach(booking)
        and booking.id not in lately
    }


def _fits(booking: Booking, action: BookingAction, stream: Stream | None) -> bool:
    try:
        transitions.apply(booking, action, stream)
    except (ActionNotAllowed, StreamNotOpen):
        return False
    return True
