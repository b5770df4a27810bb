"""Send a screen, or show it in place of another."""

import asyncio
from collections.abc import Sequence
from functools import partial
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
from handlers.common.arguments import bot_of
from handlers.common.copies import note, spend, take
from handlers.common.order import Place, draw_in_order

_NOT_EDITABLE: Final = {Refusal.NO_MESSAGE, Refusal.NO_MORE_EDITS}


async def send(message: Message | InaccessibleMessage, screen: Screen) -> None:
    """Send the screen as a new message to the chat of `message`."""
    target: dict[str, object] = {"chat_id": message.chat.id}
    if isinstance(message, Message):
        target |= {
            "message_thread_id": message.message_thread_id if message.is_topic_message else None,
            "business_connection_id": message.business_connection_id,
        }
    spend(message.chat.id)
    sent = await speed.build_method(SendMessage, **target, **_contents(screen)).as_(message.bot)
    note(message.chat.id, sent.message_id, screen)


async def show(
    callback: CallbackQuery, screen: Screen, *, toast: str | None = None, alert: bool = False
) -> None:
    """Show the screen and stop the button's spinner, both at the same time."""
    await asyncio.gather(
        acknowledge(callback, toast, alert=alert),
        draw_in_order(_place_of(callback), partial(_redraw, callback, screen)),
    )


def _place_of(callback: CallbackQuery) -> Place:
    message = callback.message
    return (message.chat.id, message.message_id) if message else (None, callback.inline_message_id)


async def _redraw(callback: CallbackQuery, screen: Screen) -> None:
    """Replace the message that has the button; send a new one if Telegram refuses the edit."""
    message = callback.message
    if message is None and callback.inline_message_id is None:
        return
    if not isinstance(message, InaccessibleMessage):
        try:
            await _edit(callback, screen)
        except TelegramBadRequest as error:
            refusal = refusal_of(error)
            if refusal is Refusal.SAME_SCREEN:
                # Telegram refuses an edit that changes nothing, for example after a double press.
                return
            if refusal not in _NOT_EDITABLE:
                raise
        else:
            return
    if message is not None:
        await send(message, screen)


async def _edit(callback: CallbackQuery, screen: Screen) -> None:
    message = callback.message
    if isinstance(message, Message):
        await take(message.chat.id, message.message_id)
        target: dict[str, object] = {
            "chat_id": message.chat.id,
            "message_id": message.message_id,
            "business_connection_id": message.business_connection_id,
        }
    else:
        # A message from an inline query belongs to its chat and has only this id.
        target, screen = {"inline_message_id": callback.inline_message_id}, posted(screen)
    await speed.build_method(EditMessageText, **target, **_contents(screen)).as_(callback.bot)
    if isinstance(message, Message):
        note(message.chat.id, message.message_id, screen)


def _contents(screen: Screen) -> dict[str, object]:
    return {"text": screen.text, "reply_markup": screen.markup}


async def acknowledge(
    callback: CallbackQuery,
    text: str | None = None,
    *,
    alert: bool = False,
    url: str | None = None,
) -> None:
    """Stop the button's spinner, with a toast or an alert of plain text, cut where too long.

    Instead, a link to the bot itself can be opened.
    """
    answer = speed.build_method(
        AnswerCallbackQuery,
        callback_query_id=callback.id,
        text=text and _cut(text),
        show_alert=alert,
        url=url,
    )
    try:
        await answer.as_(callback.bot)
    except TelegramBadRequest as error:
        # Telegram takes an answer only for some seconds, and only once if a press is delivered
        # twice. The screen itself shows what happened.
        if refusal_of(error) is not Refusal.LATE_ANSWER:
            raise


async def open_privately(callback: CallbackQuery, payload: str) -> None:
    """Open the admin's own chat with the bot by a link, and stop the button's spinner."""
    bot = await bot_of(callback).me()
    await acknowledge(callback, url=f"https://t.me/{bot.username}?start={payload}")


async def answer_query(query: InlineQuery, offers: Sequence[Offer]) -> None:
    """Answer an inline query; Telegram must not cache the answer."""
    results = [_result(offer) for offer in offers]
    try:
        await query.answer(results, cache_time=0, is_personal=True)
    except TelegramBadRequest as error:
        # The person types on and gets the answer to the next query.
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
    """Return the first 200 characters, counted in UTF-16 as Telegram does."""
    return text.encode("utf-16-le")[:400].decode("utf-16-le", "ignore")
