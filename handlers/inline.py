"""`@bot Vera` in any chat: cards to post there, for admins alone."""

from aiogram import Bot, Router
from aiogram.types import (
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
)

from bot.i18n import Translator
from bot.services.search import SearchService
from bot.texts import bookings as texts
from bot.texts.lists import row
from db.models import Actor, Card, Place
from handlers.access import from_admin
from handlers.screen import answer_query
from keyboards import bookings as keyboards


async def search_inline(
    query: InlineQuery, search: SearchService, by: Actor, t: Translator
) -> None:
    cards = await search.cards(query.query, by=by)
    await answer_query(query, [_result(t, card) for card in cards])


async def nothing(query: InlineQuery) -> None:
    await answer_query(query, [])


async def came_from_here(message: Message, bot: Bot) -> bool:
    return message.via_bot is not None and message.via_bot.id == bot.id


async def posted(_: Message) -> None:
    """A card that came from here is nothing to look for."""


def _result(t: Translator, card: Card) -> InlineQueryResultArticle:
    markup = keyboards.booking_card(t, card, Place(status=None))
    return InlineQueryResultArticle(
        id=str(card.booking.id),
        title=row(t, card.booking),
        input_message_content=InputTextMessageContent(message_text=texts.booking_card(t, card)),
        reply_markup=InlineKeyboardMarkup.model_validate(markup),
    )


def register(router: Router) -> None:
    router.inline_query.register(search_inline, from_admin)
    router.inline_query.register(nothing)
    router.message.register(posted, came_from_here)
