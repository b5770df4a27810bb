"""Reviews: /review, and one tap for each booking that waits."""

from asyncio import gather

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.errors import BookingChanged
from bot.i18n import Translator
from bot.screens.backlog.questions import question
from bot.screens.backlog.review import review as screen
from bot.services.backlog.questions import Answer, QuestionService
from bot.services.backlog.review import Outcome, Press, ReviewService
from bot.texts.bookings import changed, done
from bot.views.review import WAITING, ReviewCard, Step
from db.models.audit import Actor
from db.models.bookings import BookingAction
from handlers.common.screen import acknowledge, open_privately, send, show
from keyboards.payloads.review import (
    REVIEW_LINK,
    BeginReviewButton,
    NoticeReviewButton,
    ReviewAnswerButton,
    ReviewButton,
    ReviewCancelButton,
    ReviewDecisionButton,
)


async def begin(
    message: Message, command: CommandObject, review: ReviewService, by: Actor, t: Translator
) -> None:
    """Review all that waits, or what fits the words behind the command."""
    await send(
        message, screen(t, await review.begin_in_words(command.args or "", by=by, now=t.now))
    )


async def begin_list(
    callback: CallbackQuery,
    callback_data: BeginReviewButton,
    review: ReviewService,
    by: Actor,
    t: Translator,
) -> None:
    await show(callback, screen(t, await review.begin(callback_data.list, by=by, now=t.now)))


async def begin_noticed(
    callback: CallbackQuery, review: ReviewService, by: Actor, t: Translator
) -> None:
    """Review below the notice; if a group reads it, in the admin's own chat."""
    message = callback.message
    if message is None or message.chat.type != ChatType.PRIVATE:
        await open_privately(callback, REVIEW_LINK)
        return
    first = screen(t, await review.begin(WAITING, by=by, now=t.now))
    await gather(acknowledge(callback), send(message, first))


async def begin_linked(message: Message, review: ReviewService, by: Actor, t: Translator) -> None:
    await send(message, screen(t, await review.begin(WAITING, by=by, now=t.now)))


async def step(
    callback: CallbackQuery,
    callback_data: ReviewButton,
    review: ReviewService,
    by: Actor,
    t: Translator,
) -> None:
    shown = await review.step(
        callback_data.round, callback_data.step, callback_data.booking, by=by, now=t.now
    )
    stayed = (
        callback_data.step is Step.PREVIOUS
        and isinstance(shown, ReviewCard)
        and shown.card.booking.id == callback_data.booking
    )
    toast = t.plain("review-first") if stayed else None
    await show(callback, screen(t, shown), toast=toast)


async def decide(
    callback: CallbackQuery,
    callback_data: ReviewDecisionButton,
    review: ReviewService,
    by: Actor,
    t: Translator,
) -> None:
    press = Press(callback_data.action, callback_data.booking, callback_data.revision)
    outcome = await review.decide(callback_data.round, press, by=by, now=t.now)
    await show(
        callback,
        screen(t, outcome.review),
        toast=_said(t, press.action, outcome),
        alert=outcome.refused is not None,
    )


async def ask_cancel(
    callback: CallbackQuery,
    callback_data: ReviewCancelButton,
    questions: QuestionService,
    by: Actor,
    t: Translator,
) -> None:
    back = ReviewButton.of(callback_data.round, step=Step.SAME, booking=callback_data.booking)
    asked = await questions.ask(
        BookingAction.CANCEL,
        callback_data.booking,
        revision=callback_data.revision,
        back=back,
        by=by,
    )
    await show(callback, question(t, asked))


async def answer(
    callback: CallbackQuery,
    callback_data: ReviewAnswerButton,
    review: ReviewService,
    by: Actor,
    t: Translator,
) -> None:
    outcome = await review.answer(
        callback_data.round,
        Answer(
            question=callback_data.question,
            version=callback_data.version,
            tell=callback_data.tell,
            choice=callback_data.choice,
        ),
        by=by,
        now=t.now,
    )
    await show(
        callback,
        screen(t, outcome.review),
        toast=_said(t, BookingAction.CANCEL, outcome),
        alert=outcome.refused is not None,
    )


def _said(t: Translator, action: BookingAction, outcome: Outcome) -> str:
    match outcome.refused:
        case None:
            return done(t, action, outcome.card)
        case BookingChanged():
            return changed(t, outcome.card)
        case late:
            return t.plain(late.text_id, **late.params)


def register(router: Router) -> None:
    router.message.register(begin, Command("review", ignore_case=True))
    link = CommandStart(deep_link=True, ignore_case=True, magic=F.args == REVIEW_LINK)
    router.message.register(begin_linked, link)
    router.callback_query.register(begin_noticed, NoticeReviewButton.filter())
    router.callback_query.register(begin_list, BeginReviewButton.filter())
    router.callback_query.register(step, ReviewButton.filter())
    router.callback_query.register(decide, ReviewDecisionButton.filter())
    router.callback_query.register(ask_cancel, ReviewCancelButton.filter())
    router.callback_query.register(answer, ReviewAnswerButton.filter())
