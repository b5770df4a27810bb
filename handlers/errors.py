"""Errors of handlers: each becomes an alert, a message or a log line."""

from functools import partial
from html import escape

import structlog
from aiogram import Router
from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ChatMemberUpdated, ErrorEvent, InlineQuery, Message

from bot.errors import BookingChanged, DomainError, UndoTooLate, WordsAmbiguous
from bot.i18n import Translator
from bot.screens.bookings import booking_card
from bot.screens.filters import ambiguous
from bot.telegram.answers import Answers
from bot.texts.bookings import changed
from bot.views.bookings import Card
from db.errors import DatabaseUnavailable
from db.models.audit import Actor
from handlers.common.screen import acknowledge, answer_query, send, show
from keyboards.payloads.bookings import is_noticed, place_in

logger = structlog.get_logger(__name__)


async def raised(event: ErrorEvent) -> dict[str, object]:
    return {"error": event.exception}


async def written(event: ErrorEvent) -> dict[str, object] | None:
    message = event.update.message
    return {"message": message} if message else None


async def pressed(event: ErrorEvent) -> dict[str, object] | None:
    callback = event.update.callback_query
    return {"callback": callback} if callback else None


async def show_current(
    _: ErrorEvent, error: BookingChanged, callback: CallbackQuery, t: Translator
) -> None:
    """Say who changed the booking after the button was drawn, and show the current card."""
    await _alert(callback, changed(t, error.card), error.card, t, error.back)


async def send_current(
    _: ErrorEvent, error: BookingChanged, message: Message, t: Translator
) -> None:
    """Say who changed the booking after the question was asked, and show the current card."""
    await message.answer(escape(changed(t, error.card)))
    await send(message, booking_card(t, error.card, place_in(error.back)))


async def show_final(
    _: ErrorEvent, error: UndoTooLate, callback: CallbackQuery, t: Translator
) -> None:
    """Say that the grace is over, and show the current card."""
    await _alert(callback, t.plain(error.text_id, **error.params), error.card, t)


async def ask_which(_: ErrorEvent, error: WordsAmbiguous, message: Message, t: Translator) -> None:
    """Ask which of several streams or courses is meant."""
    await send(message, ambiguous(t, str(error.params["words"]), error.meanings))


async def refuse(event: ErrorEvent, error: DomainError, t: Translator) -> None:
    await _say(event, t, error.text_id, **error.params)


async def busy(
    event: ErrorEvent,
    error: DatabaseUnavailable,
    answers: Answers,
    by: Actor | None,
    t: Translator,
) -> None:
    logger.warning("the database is not available", reason=error)
    if isinstance(event.update.event, ChatMemberUpdated):
        # Nobody is there who would be told, and would ask again.
        raise error
    if by is None and (message := event.update.message):
        answers.owe(message.chat.id, partial(message.answer, t("error-busy")))
        return
    await _say(event, t, "error-busy")


async def answer_blocked(_: ErrorEvent, error: TelegramForbiddenError) -> None:
    """Log that the person blocked the bot before the answer was sent."""
    logger.info("an answer was not wanted", reason=error.message)


async def answer_refused(_: ErrorEvent, error: TelegramAPIError) -> None:
    """Log that Telegram refused the answer; a decision made before it stands."""
    logger.warning("an answer was not taken", error=error)


async def bug(event: ErrorEvent, t: Translator) -> None:
    logger.error("an update failed", exc_info=event.exception)
    await _say(event, t, "error-bug")


async def _alert(
    callback: CallbackQuery, text: str, card: Card, t: Translator, back: str | None = None
) -> None:
    """Show the card below an alert; a notice stays, because it follows the booking by itself."""
    if is_noticed(callback.data):
        await acknowledge(callback, text, alert=True)
        return
    screen = booking_card(t, card, place_in(back or callback.data))
    await show(callback, screen, toast=text, alert=True)


async def _say(event: ErrorEvent, t: Translator, text_id: str, **params: str | int) -> None:
    match event.update.event:
        case CallbackQuery() as callback:
            await acknowledge(callback, t.plain(text_id, **params), alert=True)
        case Message() as message:
            await message.answer(t(text_id, **params))
        case InlineQuery() as query:
            await answer_query(query, [])


def register(router: Router) -> None:
    router.error.register(show_current, ExceptionTypeFilter(BookingChanged), raised, pressed)
    router.error.register(send_current, ExceptionTypeFilter(BookingChanged), raised, written)
    router.error.register(show_final, ExceptionTypeFilter(UndoTooLate), raised, pressed)
    router.error.register(ask_which, ExceptionTypeFilter(WordsAmbiguous), raised, written)
    router.error.register(refuse, ExceptionTypeFilter(DomainError), raised)
    router.error.register(busy, ExceptionTypeFilter(DatabaseUnavailable), raised)
    router.error.register(answer_blocked, ExceptionTypeFilter(TelegramForbiddenError), raised)
    router.error.register(answer_refused, ExceptionTypeFilter(TelegramAPIError), raised)
    router.error.register(bug)
