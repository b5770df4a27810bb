"""Adding a booking, and taking that back."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.errors import BookingChanged, UndoTooLate
from bot.errors.adding import DraftGone, SchoolRefused
from bot.services.access import Desk, Permission
from bot.services.adding.views import duplicates, read_draft
from bot.services.bookings import effects
from bot.services.bookings.cards import read_card
from bot.views.adding.by_hand import Added, DraftView
from bot.views.bookings import Card
from db.database import UnitOfWork
from db.errors import RowRefused
from db.models.adding.drafts import Draft, NewBooking
from db.models.audit import Actor, Change
from db.models.bookings import Booking, BookingAction, BookingStatus

logger = structlog.get_logger(__name__)


class AdditionService:
    """Bookings that admins add, each in one transaction with its entry in the log.

    Raises:
        NotAllowed: from every method, if `by` may not add bookings.
        SchoolRefused: from every method, if the school's table does not take the change.
    """

    def __init__(self, desk: Desk, *, grace: timedelta, timezone: ZoneInfo) -> None:
        """Allow undoing an addition for the time of `grace`."""
        self._desk = desk
        self._grace = grace
        self._zone = timezone.key

    async def add(
        self, draft_id: int, *, revision: int, known: int, by: Actor, now: datetime
    ) -> Added | DraftView:
        """Add the booking of the draft, as the admin saw it.

        Nothing is added, and the question is returned again, if the draft has another revision, or
        if the person's newest active booking of the course is not number `known`; 0 is none. An
        earlier delivery of the same press has added the booking, which is returned.

        Raises:
            DraftGone: the draft is dropped, or another admin's.
        """
        async with self._desk.transaction(by, Permission.ADD) as uow:
            draft = await uow.drafts.lock(draft_id, by=by)
            if draft is None:
                raise DraftGone
            if draft.booking_id is not None:
                return await self._added(uow, draft.booking_id)
            if not await _is_as_seen(uow, draft, revision, known):
                asked = draft.asking()
                if asked != draft:
                    asked = await uow.drafts.save(asked)
                return await read_draft(uow, asked, grace=self._grace)
            try:
                booking = await self._carry_out(uow, draft, by, now)
            except RowRefused as refusal:
                logger.warning("a booking is not taken", reason=str(refusal))
                raise SchoolRefused(str(refusal)) from refusal
            await uow.drafts.save(replace(draft, booking_id=booking.id))
            return await self._added(uow, booking.id)

    async def undo(self, booking_id: int, *, revision: int, by: Actor) -> None:
        """Take the addition back within its grace: the booking is deleted, and nobody hears of it.

        What is undone already stays undone.

        Raises:
            BookingChanged: somebody has changed the booking since.
            UndoTooLate: the grace is over.
        """
        async with self._desk.transaction(by, Permission.ADD) as uow:
            booking = await uow.bookings.lock(booking_id)
            if booking is None:
                return
            uow.allow(booking.course_id)
            change = await uow.audit.latest(booking)
            if booking.revision != revision:
                raise BookingChanged(await self._card(uow, booking, change))
            if (
                change is None
                or not is_undoable(change, booking, self._grace)
                or not await effects.revert(uow, change, booking)
            ):
                raise UndoTooLate(await self._card(uow, booking, change))
            try:
                await uow.adding.remove({booking.id: booking.revision}, by=by)
                await uow.copies.touch(booking.id)
            except RowRefused as refusal:
                raise SchoolRefused(str(refusal)) from refusal

    async def _carry_out(self, uow: UnitOfWork, draft: Draft, by: Actor, now: datetime) -> Booking:
        person = draft.person
        if person is None or draft.confirmed is None:
            raise DraftGone
        course_id = draft.course_id
        if draft.course_name is not None:
            course_id = await uow.courses.open(draft.course_name)
        uow.allow(course_id)
        await uow.adding.use_zone(self._zone)
        new = NewBooking(
            person=person,
            course_id=course_id,
            course_stream=draft.course_stream,
            confirmed=draft.confirmed,
            created_at=now,
        )
        await meet(uow, new)
        booking = await uow.adding.insert(new)
        stream_before = None
        if booking.status is BookingStatus.CONFIRMED:
            stream_before = await effects.apply(
                uow, BookingAction.CONFIRM, booking, grace=self._grace
            )
        await uow.audit.record(
            BookingAction.ADD,
            booking._replace(confirmed=None),
            booking,
            by=by,
            user_stream_before=stream_before,
        )
        return booking

    async def _added(self, uow: UnitOfWork, booking_id: int) -> Added:
        booking = await uow.bookings.get(booking_id)
        if booking is None:
            raise DraftGone
        change = await uow.audit.latest(booking)
        card = await self._card(uow, booking, change)
        if change is not None and is_undoable(change, booking, self._grace):
            card = replace(card, undo_until=change.at + self._grace)
        return Added(card=card)

    async def _card(self, uow: UnitOfWork, booking: Booking, change: Change | None) -> Card:
        return await read_card(uow, booking, change, grace=self._grace)


def is_undoable(change: Change, booking: Booking, grace: timedelta) -> bool:
    """Whether the booking is as it was added, and its grace is not over."""
    return (
        change.action is BookingAction.ADD
        and change.revision == booking.revision
        and change.age < grace
    )


async def meet(uow: UnitOfWork, new: NewBooking) -> None:
    """Write the person to the school's users, to whom its bookings may refer."""
    try:
        await uow.adding.meet([new.person])
    except RowRefused as refusal:
        logger.warning("the school's users do not take a person", reason=str(refusal))


async def _is_as_seen(uow: UnitOfWork, draft: Draft, revision: int, known: int) -> bool:
    """Whether the admin saw all of the draft, and of what the person has already."""
    if draft.revision != revision or draft.asking().asks is not None or draft.person is None:
        return False
    await uow.adding.lock(draft.person)
    newest = next(iter(await duplicates(uow, draft)), None)
    return known == (0 if newest is None else newest.id)
