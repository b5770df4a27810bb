"""Reviewing the bookings of a list that wait, one after the other."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

from bot.errors import BookingChanged, NotAllowed, NothingToReview, SearchForgotten, UndoTooLate
from bot.services.access import Desk, Permission
from bot.services.bookings.cards import read_card
from bot.services.bookings.decisions import BookingService
from bot.services.lists.filtered import FilteredSource, criteria_of
from bot.services.lists.paging import ListSource, read_page
from bot.services.lists.query_text import QueryTextService
from bot.services.lists.tabs import TabSource
from bot.views.bookings import Card
from bot.views.lists import ListKey, Tab
from bot.views.review import (
    WAITING,
    Decided,
    Review,
    ReviewCard,
    ReviewEnd,
    Round,
    Step,
    decided,
    waits,
)
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.filters import Filter
from db.models.lists import START, Cursor, Edge

CLAIM: Final = timedelta(minutes=3)
"""How long a booking on an admin's screen is kept from the reviews of others."""
_SCANNED: Final = 20
"""Bookings read at once; one of them is free unless as many admins review."""
_SCANS: Final = 50
"""Reads in a row; what a filter finds only behind them is left for the list."""
_UNDOABLE_AT_END: Final = 8


@dataclass(frozen=True, slots=True)
class Press:
    """A press on Confirm, Cancel or Undo."""

    action: BookingAction
    booking: int
    revision: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a press on a decision led to."""

    review: Review
    card: Card
    refused: BookingChanged | UndoTooLate | None = None
    """Why the decision was not made; the review goes on all the same."""


class ReviewService:
    """Reviews, for admins.

    A review has no state but its buttons, and the claims, which never keep anybody from deciding.

    Raises:
        NotAllowed: from every method, if `by` may not decide.
        SearchForgotten: from every method, if the list's saved query is deleted.
        NothingToReview: from every method, if the list has others than bookings that wait.
    """

    def __init__(
        self,
        desk: Desk,
        bookings: BookingService,
        query_text: QueryTextService,
        *,
        grace: timedelta,
    ) -> None:
        """Offer to undo decisions for the time of `grace`."""
        self._desk = desk
        self._bookings = bookings
        self._query_text = query_text
        self._grace = grace

    async def begin(self, key: ListKey, *, by: Actor, now: datetime) -> Review:
        """Return the first booking of the list that nobody else reviews."""
        return await self.step(Round(key, now.replace(microsecond=0)), Step.NEXT, by=by, now=now)

    async def begin_in_words(self, text: str, *, by: Actor, now: datetime) -> Review:
        """Return the first of what fits the words; without words, of all pending bookings.

        Raises:
            as QueryTextService.list.
        """
        if not text.strip():
            return await self.begin(WAITING, by=by, now=now)
        bookings = await self._query_text.list(text, by=by, now=now)
        if bookings.filter.status is None:
            words = f"{BookingStatus.PENDING} {text}"
            bookings = await self._query_text.list(words, by=by, now=now)
        return await self.begin(bookings.key, by=by, now=now)

    async def step(
        self, round_: Round, step: Step, booking_id: int | None = None, *, by: Actor, now: datetime
    ) -> Review:
        """Return the booking a step away from this one, or the end.

        The first booking has no previous one; it is returned again.
        """
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            await uow.claims.lock()
            queue = await _Queue.of(uow, round_.list, now)
            booking = None if booking_id is None else await uow.bookings.get(booking_id)
            async for candidate in queue.from_(booking, step):
                if await self._takes(uow, candidate, by):
                    return await self._card(uow, round_, queue, candidate, by)
            return await self._end(uow, round_, queue, by)

    async def decide(self, round_: Round, press: Press, *, by: Actor, now: datetime) -> Outcome:
        """Confirm or cancel the booking, or undo that; then go on to what waits behind it.

        After an undo the booking itself is on the screen again.
        """
        refused: BookingChanged | UndoTooLate | None = None
        try:
            card = await self._bookings.decide(
                press.action, press.booking, revision=press.revision, by=by
            )
        except (BookingChanged, UndoTooLate) as error:
            card, refused = error.card, error
        undone = press.action is BookingAction.UNDO and refused is None
        step = Step.SAME if undone else Step.NEXT
        return Outcome(await self.step(round_, step, press.booking, by=by, now=now), card, refused)

    async def _takes(self, uow: UnitOfWork, booking: Booking, by: Actor) -> bool:
        try:
            uow.allow(booking.course_id)
        except NotAllowed:
            return False
        return await uow.claims.hold(booking.id, by=by, length=CLAIM)

    async def _card(
        self, uow: UnitOfWork, round_: Round, queue: "_Queue", booking: Booking, by: Actor
    ) -> ReviewCard:
        change = await uow.audit.latest(booking)
        return ReviewCard(
            round=round_,
            card=await read_card(uow, booking, change, grace=self._grace),
            waiting=await queue.length(),
            decided=await self._decided(uow, by, limit=1),
        )

    async def _end(self, uow: UnitOfWork, round_: Round, queue: "_Queue", by: Actor) -> ReviewEnd:
        await uow.claims.release(by=by)
        return ReviewEnd(
            round=round_,
            waiting=await queue.length(),
            tally=await uow.audit.tally(by, round_.began_at),
            decided=await self._decided(uow, by, limit=_UNDOABLE_AT_END),
        )

    async def _decided(self, uow: UnitOfWork, by: Actor, *, limit: int) -> Sequence[Decided]:
        changes = await uow.audit.undoable(by, grace=self._grace, limit=limit)
        bookings = await uow.bookings.of_ids({change.booking_id for change in changes})
        return [decided(bookings[change.booking_id], change, self._grace) for change in changes]


class _Queue:
    """The bookings of a list, as a review reads them."""

    def __init__(
        self, uow: UnitOfWork, source: ListSource[Booking], status: BookingStatus | None
    ) -> None:
        self._uow = uow
        self._source = source
        self._status = status

    @classmethod
    async def of(cls, uow: UnitOfWork, key: ListKey, now: datetime) -> Self:
        if isinstance(key, Tab):
            source: ListSource[Booking] = TabSource(uow, key, await uow.counts.by_status())
            status = key.status
        else:
            query = await uow.saved_queries.get(key.number)
            if query is None:
                raise SearchForgotten
            if not isinstance(query, Filter):
                raise NothingToReview
            source, status = FilteredSource(uow, criteria_of(query, now)), query.status
        if not waits(status):
            raise NothingToReview
        return cls(uow, source, status)

    async def length(self) -> int:
        """Count the bookings, up to MOST_FOUND."""
        total = await self._source.total()
        return (await read_page(self._source, START)).total if total is None else total

    async def from_(self, booking: Booking | None, step: Step) -> AsyncIterator[Booking]:
        """Yield the bookings from a step beside this one on; None is before the first."""
        if booking is not None and step is not Step.NEXT:
            if step is Step.PREVIOUS:
                async for other in self._read(self._source.beside(Edge.BEFORE, booking)):
                    yield other
            if booking.status is self._status:
                yield booking
        cursor = START if booking is None else self._source.beside(Edge.AFTER, booking)
        async for other in self._read(cursor):
            yield other

    async def _read(self, cursor: Cursor) -> AsyncIterator[Booking]:
        """Yield the bookings at the cursor, the nearest first."""
        for _ in range(_SCANS):
            scan = await self._source.read(cursor, _SCANNED)
            items = scan.items[::-1] if cursor.edge.backwards else scan.items
            for booking in items:
                yield booking
            last = items[-1] if len(items) == _SCANNED else None
            if scan.end is not None:
                last = await self._uow.bookings.get(scan.end)
            if last is None:
                return
            edge = Edge.BEFORE if cursor.edge.backwards else Edge.AFTER
            cursor = self._source.beside(edge, last)
