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
    InlineQueryResultUnion,
    Message,
)

from bot.telegram import speed
from bot.telegram.refusals import Refusal, refusal_of
from keyboards.markup import Markup

_LOST: Final = {Refusal.NO_MESSAGE, Refusal.NO_MORE_EDITS}


async def send(message: Message, text: str, markup: Markup) -> None:
    """Draw the screen below what somebody wrote."""
    screen = speed.made(
        SendMessage,
        chat_id=message.chat.id,
        message_thread_id=message.message_thread_id if message.is_topic_message else None,
        business_connection_id=message.business_connection_id,
        text=text,
        reply_markup=markup,
    )
    await screen.as_(message.bot)


async def show(
    callback: CallbackQuery,
    text: str,
    markup: Markup,
    *,
    toast: str | None = None,
    alert: bool = False,
) -> None:
    """Draw the screen and stop the button's spinner; neither waits for the other's answer."""
    await asyncio.gather(
        acknowledge(callback, toast, alert=alert), _redraw(callback, text, markup)
    )


async def _redraw(callback: CallbackQuery, text: str, markup: Markup) -> None:
    """Put the screen in place of the one the button is on, or below it when that is too old."""
    message = callback.message
    if message is None and callback.inline_message_id is None:
        return
    if not isinstance(message, InaccessibleMessage):
        try:
            await _edit(callback, text, markup)
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
        await message.answer(text, reply_markup=InlineKeyboardMarkup.model_validate(markup))


async def _edit(callback: CallbackQuery, text: str, markup: Markup) -> None:
    message = callback.message
    where = (
        {
            "chat_id": message.chat.id,
            "message_id": message.message_id,
            "business_connection_id": message.business_connection_id,
        }
        if isinstance(message, Message)
        # It came from an inline query: it is the chat's, and has no other name here.
        else {"inline_message_id": callback.inline_message_id}
    )
    edit = speed.made(EditMessageText, **where, text=text, reply_markup=markup)
    await edit.as_(callback.bot)


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


async def answer_query(query: InlineQuery, results: Sequence[InlineQueryResultUnion]) -> None:
    """Answer what somebody types after the bot's name; Telegram keeps the answer for nobody."""
    try:
        await query.answer(list(results), cache_time=0, is_personal=True)
    except TelegramBadRequest as error:
        # Whoever types on gets the next answer; this one is late.
        if refusal_of(error) is not Refusal.LATE_ANSWER:
            raise


def _cut(text: str) -> str:
    """Return the first 200 characters, as Telegram counts them: in UTF-16."""
    return text.encode("utf-16-le")[:400].decode("utf-16-le", "ignore")
