"""Inline queries such as `@bot Vera`: admins can post cards into any chat."""

from aiogram import Bot, Router
from aiogram.types import InlineQuery, Message

from bot.i18n import Translator
from bot.screens.search import offer
from bot.services.lists.search import SearchService
from db.models.audit import Actor
from handlers.common.access import from_admin
from handlers.common.screen import answer_query


async def search_inline(
    query: InlineQuery, search: SearchService, by: Actor, t: Translator
) -> None:
    cards = await search.cards(query.query, by=by)
    await answer_query(query, [offer(t, card) for card in cards])


async def offer_nothing(query: InlineQuery) -> None:
    await answer_query(query, [])


async def posted_by_us(message: Message, bot: Bot) -> bool:
    return message.via_bot is not None and message.via_bot.id == bot.id


async def ignore_card(_: Message) -> None:
    """Do not search for the text of a card that an admin posted through the bot."""


def register(router: Router) -> None:
    router.inline_query.register(search_inline, from_admin)
    router.inline_query.register(offer_nothing)
    router.message.register(ignore_card, posted_by_us)
