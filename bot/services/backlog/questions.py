"""Questions before a booking is cancelled or moved: what the student will be told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import (
    BookingChanged,
    ChoiceGone,
    QuestionChanged,
    QuestionForgotten,
    SearchEmpty,
    WordsTooLong,
)
from bot.services.access import Desk, Permission
from bot.services.bookings.cards import read_card
from bot.services.bookings.deciding import Decision, existing
from bot.services.bookings.decisions import BookingService
from bot.services.visible import visible_lines
from bot.views.bookings import STREAMS_PER_PAGE, Asked, Card
from db.database import UnitOfWork
from db.models.audit import Actor, Remark
from db.models.bookings import Booking, BookingAction, BookingStatus
from db.models.decisions.questions import LONGEST_WORDS, Question
from db.models.decisions.reasons import Reason
from db.models.filters import Criteria, Filter
from db.models.streams import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A press on a button that answers a question."""

    question: int
    version: int
    tell: bool
    choice: int | None = None
    """Where MOVE takes the booking, or the reason of the list to CANCEL."""


class QuestionService:
    """Questions, for admins.

    Raises:
        NotAllowed: from every method, if `by` may not decide, or may not see the booking.
        BookingNotFound: from every method.
        BookingChanged: from every method, if the booking has changed since.
        QuestionForgotten: from the methods that take a question.
    """

    def __init__(
        self, desk: Desk, bookings: BookingService, *, grace: timedelta, tell: bool
    ) -> None:
        """Ask; `tell` is whether students are told unless an admin says otherwise."""
        self._desk = desk
        self._bookings = bookings
        self._grace = grace
        self._tell = tell

    async def ask(
        self, action: BookingAction, booking_id: int, *, revision: int, back: str, by: Actor
    ) -> Asked:
        """Ask before the booking is cancelled or moved; `back` is the payload of the way back."""
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            card = await self._card(uow, booking_id, revision)
            question = await uow.questions.ask(action, card.booking, back=back, by=by)
            return await _asked(uow, question, card, tell=self._tell)

    async def show(self, question_id: int, *, tell: bool, offset: int, by: Actor) -> Asked:
        """Ask again, with the switch set, and with the streams from number `offset` on."""
        async with self._desk.snapshot(by, Permission.DECIDE) as uow:
            question = await _existing(uow, question_id)
            card = await self._card(uow, question.booking_id, question.revision, question.back)
            return await _asked(uow, question, card, tell=tell, offset=offset)

    async def write(self, question_id: int, text: str, *, tell: bool, by: Actor) -> Asked:
        """Take the admin's own words, for the student if told, and for the log.

        Raises:
            SearchEmpty, WordsTooLong: nothing of them can be seen, or they are too long.
        """
        async with self._desk.transaction(by, Permission.DECIDE) as uow:
            question = await _existing(uow, question_id)
            card = await self._card(uow, question.booking_id, question.revision, question.back)
            words = visible_lines(text)
            if not words:
                raise SearchEmpty
            if len(words) > LONGEST_WORDS:
                raise WordsTooLong(LONGEST_WORDS)
            return await _asked(uow, await uow.questions.write(question, words), card, tell=tell)

    async def answer(self, answer: Answer, *, by: Actor) -> tuple[Card, Decision]:
        """Cancel or move the booking; return its card, and the decision.

        Raises:
            QuestionChanged: the admin has written other words since the button was drawn.
            ChoiceGone: there is no such reason.
            as the decisions of BookingService.
        """
        async with self._desk.statement(by, Permission.DECIDE) as uow:
            question = await _existing(uow, answer.question)
            remark = await _remark(uow, question, answer)
        if question.version != answer.version:
            raise QuestionChanged
        decision = Decision(
            question.booking_id,
            question.revision,
            question.action,
            by,
            answer.choice if question.action is BookingAction.MOVE else None,
            tell=answer.tell,
            remark=remark,
            back=question.back,
        )
        return await self._bookings.carry_out(decision, by=by), decision

    async def _card(
        self, uow: UnitOfWork, booking_id: int, revision: int, back: str | None = None
    ) -> Card:
        booking = await existing(uow.bookings.get, booking_id)
        uow.allow(booking.course_id)
        card = await read_card(uow, booking, await uow.audit.latest(booking), grace=self._grace)
        if booking.revision != revision:
            raise BookingChanged(card, back)
        return card


async def _existing(uow: UnitOfWork, question_id: int) -> Question:
    question = await uow.questions.get(question_id)
    if question is None:
        raise QuestionForgotten
    return question


async def _asked(
    uow: UnitOfWork, question: Question, card: Card, *, tell: bool, offset: int = 0
) -> Asked:
    booking = card.booking
    streams = await _streams(uow, question, booking)
    page = streams[offset : offset + STREAMS_PER_PAGE]
    return Asked(
        question=question,
        card=card,
        tell=tell and booking.user_id is not None,
        language=await uow.people.language(booking.user_id),
        reasons=await _reasons(uow, question),
        streams=streams,
        offset=offset,
        heads={each.code: await _heads(uow, each) for each in page},
    )


async def _remark(uow: UnitOfWork, question: Question, answer: Answer) -> Remark | None:
    """Return the reason that was chosen, or else the admin's own words."""
    if question.action is BookingAction.MOVE or answer.choice is None:
        return question.remark
    reason = await uow.reasons.get(answer.choice)
    if reason is None:
        raise ChoiceGone
    return reason.remark


async def _reasons(uow: UnitOfWork, question: Question) -> Sequence[Reason]:
    """Return the reasons of the list; own words take their place."""
    if question.action is not BookingAction.CANCEL or question.words is not None:
        return []
    return await uow.reasons.listed()


async def _streams(uow: UnitOfWork, question: Question, booking: Booking) -> Sequence[Stream]:
    if question.action is not BookingAction.MOVE:
        return []
    return await uow.streams.open_of(booking.course_id, beside=booking.course_stream)


async def _heads(uow: UnitOfWork, stream: Stream) -> int:
    """Count the confirmed bookings of the stream; AtLeast where counting stops."""
    confirmed = Filter(course=stream.course_id, stream=stream.code, status=BookingStatus.CONFIRMED)
    return await uow.filtered.count(Criteria(filter=confirmed))
