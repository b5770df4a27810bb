"""The questions before a booking is cancelled or moved, and their answers."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.errors import QuestionForgotten
from bot.i18n import Translator
from bot.screens.backlog.questions import question as screen
from bot.screens.bookings import booking_card
from bot.services.backlog.questions import Answer, QuestionService
from bot.texts.bookings import done
from db.models.audit import Actor
from db.models.bookings import BookingAction
from handlers.common.arguments import buttons_replied_to
from handlers.common.screen import send, show
from keyboards.payloads.bookings import AskCancelButton, AskMoveButton, CardButton, place_in
from keyboards.payloads.questions import AnswerButton, QuestionButton, question_in


async def ask_cancel(
    callback: CallbackQuery,
    callback_data: AskCancelButton,
    questions: QuestionService,
    by: Actor,
    t: Translator,
) -> None:
    asked = await questions.ask(
        BookingAction.CANCEL,
        callback_data.booking,
        revision=callback_data.revision,
        back=CardButton.of(callback_data.place, booking=callback_data.booking),
        by=by,
    )
    await show(callback, screen(t, asked, by_reply=callback.message is not None))


async def ask_move(
    callback: CallbackQuery,
    callback_data: AskMoveButton,
    questions: QuestionService,
    by: Actor,
    t: Translator,
) -> None:
    asked = await questions.ask(
        BookingAction.MOVE,
        callback_data.booking,
        revision=callback_data.revision,
        back=CardButton.of(callback_data.place, booking=callback_data.booking),
        by=by,
    )
    await show(callback, screen(t, asked, by_reply=callback.message is not None))


async def ask_again(
    callback: CallbackQuery,
    callback_data: QuestionButton,
    questions: QuestionService,
    by: Actor,
    t: Translator,
) -> None:
    asked = await questions.show(
        callback_data.question, tell=callback_data.tell, offset=callback_data.offset, by=by
    )
    await show(callback, screen(t, asked, by_reply=callback.message is not None))


async def is_reply(message: Message) -> bool:
    """Whether the message replies to a question with words; a command has none."""
    words = message.text or "/"
    return not words.startswith("/") and question_in(buttons_replied_to(message)) is not None


async def write(message: Message, questions: QuestionService, by: Actor, t: Translator) -> None:
    asked = question_in(buttons_replied_to(message))
    if asked is None or message.text is None:
        raise QuestionForgotten
    view = await questions.write(asked.question, message.text, tell=asked.tell, by=by)
    await send(message, screen(t, view))


async def answer(
    callback: CallbackQuery,
    callback_data: AnswerButton,
    questions: QuestionService,
    by: Actor,
    t: Translator,
) -> None:
    card, decision = await questions.answer(
        Answer(
            question=callback_data.question,
            version=callback_data.version,
            tell=callback_data.tell,
            choice=callback_data.choice,
        ),
        by=by,
    )
    await show(
        callback,
        booking_card(t, card, place_in(decision.back)),
        toast=done(t, decision.action, card),
    )


def register(router: Router) -> None:
    router.message.register(write, is_reply)
    router.callback_query.register(ask_cancel, AskCancelButton.filter())
    router.callback_query.register(ask_move, AskMoveButton.filter())
    router.callback_query.register(ask_again, QuestionButton.filter())
    router.callback_query.register(answer, AnswerButton.filter())
