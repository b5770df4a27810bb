"""Drawing: one screen in place of another."""

import asyncio
from collections.abc import Sequence
from typing import Final

from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage
from aiogram.types import (
    CallbackQuery,
    InaccessibleMessage,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultUnion,
    InputTextMessageContent,
    Message,
)

from bot.screens.bookings import posted
from bot.screens.screen import Offer, Screen
from bot.telegram import speed
from bot.telegram.refusals import Refusal, refusal_of

_LOST: Final = {Refusal.NO_MESSAGE, Refusal.NO_MORE_EDITS}


async def send(message: Message | InaccessibleMessage, screen: Screen) -> None:
    """Draw the screen below what somebody wrote."""
    where: dict[str, object] = {"chat_id": message.chat.id}
    if isinstance(message, Message):
        where |= {
            "message_thread_id": message.message_thread_id if message.is_topic_message else None,
            "business_connection_id": message.business_connection_id,
        }
    await speed.made(SendMessage, **where, **_drawn(screen)).as_(message.bot)


async def show(
    callback: CallbackQuery, screen: Screen, *, toast: str | None = None, alert: bool = False
) -> None:
    """Draw the screen and stop the button's spinner; neither waits for the other's answer."""
    await asyncio.gather(acknowledge(callback, toast, alert=alert), _redraw(callback, screen))


async def _redraw(callback: CallbackQuery, screen: Screen) -> None:
    """Put the screen in place of the one the button is on, or below it when that is too old."""
    message = callback.message
    if message is None and callback.inline_message_id is None:
        return
    if not isinstance(message, InaccessibleMessage):
        try:
            await _edit(callback, screen)
        except TelegramBadRequest as error:
            refusal = refusal_of(error)
            if refusal is Refusal.SAME_SCREEN:
                # A double press draws the same screen twice; Telegram calls that an error.
                return
            if refusal not in _LOST:
                raise
        else:
            return
    if message is not None:
        await send(message, screen)


async def _edit(callback: CallbackQuery, screen: Screen) -> None:
    message = callback.message
    if isinstance(message, Message):
        where: dict[str, object] = {
            "chat_id": message.chat.id,
            "message_id": message.message_id,
            "business_connection_id": message.business_connection_id,
        }
    else:
        # It came from an inline query: it is the chat's, and has no other name here.
        where, screen = {"inline_message_id": callback.inline_message_id}, posted(screen)
    await speed.made(EditMessageText, **where, **_drawn(screen)).as_(callback.bot)


def _drawn(screen: Screen) -> dict[str, object]:
    return {"text": screen.text, "reply_markup": screen.markup}


async def acknowledge(
    callback: CallbackQuery, text: str | None = None, *, alert: bool = False
) -> None:
    """Stop the button's spinner, with a toast or an alert (plain text; too long a one is cut)."""
    answer = speed.made(
        AnswerCallbackQuery,
        callback_query_id=callback.id,
        text=text and _cut(text),
        show_alert=alert,
    )
    try:
        await answer.as_(callback.bot)
    except TelegramBadRequest as error:
        # After some seconds Telegram takes no answer any more, and a press that was
        # delivered twice has its answer already. The screen itself says what happened.
        if refusal_of(error) is not Refusal.LATE_ANSWER:
            raise


async def answer_query(query: InlineQuery, offers: Sequence[Offer]) -> None:
    """Answer what somebody types after the bot's name; Telegram keeps the answer for nobody."""
    results = [_result(offer) for offer in offers]
    try:
        await query.answer(results, cache_time=0, is_personal=True)
    except TelegramBadRequest as error:
        # Whoever types on gets the next answer; this one is late.
        if refusal_of(error) is not Refusal.LATE_ANSWER:
            raise


def _result(offer: Offer) -> InlineQueryResultUnion:
    markup = offer.screen.markup
    return InlineQueryResultArticle(
        id=offer.id,
        title=offer.title,
        input_message_content=InputTextMessageContent(message_text=offer.screen.text),
        reply_markup=markup and InlineKeyboardMarkup.model_validate(markup),
    )


def _cut(text: str) -> str:
    """Return the first 200 characters, as Telegram counts them: in UTF-16."""
    return text.encode("utf-16-le")[:400].decode("utf-16-le", "ignore")
