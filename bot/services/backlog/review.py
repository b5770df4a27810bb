"""Reviewing the bookings of a list that wait, one after the other."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.errors import BookingChanged, NothingToReview, UndoTooLate
from bot.services.access import Desk, Permission
from bot.services.backlog.questions import Answer, QuestionService
from bot.services.bookings.cards import read_card
from bot.services.bookings.decisions import BookingService
from bot.services.lists.query_text import QueryTextService
from bot.services.lists.walk import Walk
from bot.views.bookings import Card
from bot.views.lists import ListKey
from bot.views.review import (
    WAITING,
    Decided,
    Review,
    ReviewCard,
    ReviewEnd,
    Round,
    Step,
    waits,
)
from db.database import UnitOfWork
from db.models.audit import Actor
from db.models.bookings import Booking, BookingAction, BookingStatus

CLAIM: Final = timedelta(minutes=3)
"""How long a booking on an admin's screen is kept from the reviews of others."""
_UNDOABLE_AT_END: Final = 8


@dataclass(frozen=True, slots=True)
class Press:
    """A press on Confirm or Undo."""

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
        questions: QuestionService,
        query_text: QueryTextService,
        *,
        grace: timedelta,
    ) -> None:
        """Offer to undo decisions for the time of `grace`."""
        self._desk = desk
        self._bookings = bookings
        self._questions = questions
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
            walk = await Walk.of(uow, round_.list, now)
            if not waits(walk.filter.status):
                raise NothingToReview
            booking = None if booking_id is None else await uow.bookings.get(booking_id)
            async for candidate in _candidates(walk, booking, step):
                if await uow.claims.hold(candidate.id, by=by, length=CLAIM):
                    return await _card(uow, round_, walk, candidate, by, grace=self._grace)
            await uow.claims.release(by=by)
            return await _end(uow, round_, walk, by, grace=self._grace)

    async def decide(self, round_: Round, press: Press, *, by: Actor, now: datetime) -> Outcome:
        """Confirm the booking, or undo what led to it; then go on to what waits behind it.

        After an undo the booking itself is on the screen again.
        """
        deciding = self._bookings.decide(
            press.action, press.booking, revision=press.revision, by=by
        )
        done = Step.SAME if press.action is BookingAction.UNDO else Step.NEXT
        return await self._outcome(round_, deciding, done, by=by, now=now)

    async def answer(self, round_: Round, answer: Answer, *, by: Actor, now: datetime) -> Outcome:
        """Cancel the booking that the question is about; then go on to what waits behind it."""
        deciding = self._answered(answer, by)
        return await self._outcome(round_, deciding, Step.NEXT, by=by, now=now)

    async def _answered(self, answer: Answer, by: Actor) -> Card:
        card, _ = await self._questions.answer(answer, by=by)
        return card

    async def _outcome(
        self, round_: Round, deciding: Awaitable[Card], done: Step, *, by: Actor, now: datetime
    ) -> Outcome:
        """Decide, and go the step `done`, or on if that is refused."""
        refused: BookingChanged | UndoTooLate | None = None
        try:
            card = await deciding
        except (BookingChanged, UndoTooLate) as error:
            card, refused, done = error.card, error, Step.NEXT
        review = await self.step(round_, done, card.booking.id, by=by, now=now)
        return Outcome(review, card, refused)


async def read_review(
    uow: UnitOfWork,
    round_: Round,
    booking_id: int | None,
    *,
    by: Actor,
    grace: timedelta,
    now: datetime,
) -> Review | None:
    """Return the review with this booking on the screen, whatever has become of it; claim nothing.

    Without a booking it is at its end.

    Returns:
        None if the booking is deleted.

    Raises:
        SearchForgotten: the list's saved query is deleted.
    """
    walk = await Walk.of(uow, round_.list, now)
    if booking_id is None:
        return await _end(uow, round_, walk, by, grace=grace)
    booking = await uow.bookings.get(booking_id)
    return booking and await _card(uow, round_, walk, booking, by, grace=grace)


async def _card(
    uow: UnitOfWork, round_: Round, walk: Walk, booking: Booking, by: Actor, *, grace: timedelta
) -> ReviewCard:
    return ReviewCard(
        round=round_,
        card=await read_card(uow, booking, await uow.audit.latest(booking), grace=grace),
        waiting=await walk.length(),
        decided=await _decided(uow, by, grace=grace, limit=1),
    )


async def _end(
    uow: UnitOfWork, round_: Round, walk: Walk, by: Actor, *, grace: timedelta
) -> ReviewEnd:
    return ReviewEnd(
        round=round_,
        waiting=await walk.length(),
        tally=await uow.actors.tally(by, round_.began_at),
        decided=await _decided(uow, by, grace=grace, limit=_UNDOABLE_AT_END),
    )


async def _decided(
    uow: UnitOfWork, by: Actor, *, grace: timedelta, limit: int
) -> Sequence[Decided]:
    changes = await uow.audit.undoable(by, grace=grace, limit=limit)
    bookings = await uow.bookings.of_ids({change.booking_id for change in changes})
    return [Decided(bookings[change.booking_id], change.at + grace) for change in changes]


async def _candidates(walk: Walk, booking: Booking | None, step: Step) -> AsyncIterator[Booking]:
    """Yield the bookings from a step beside this one on; None is before the first."""
    if booking is None:
        async for other in walk.all():
            yield other
        return
    if step is Step.PREVIOUS:
        async for other in walk.before(booking):
            yield other
    if step is not Step.NEXT and booking.status is walk.filter.status:
        yield booking
    async for other in walk.behind(booking):
        yield other
