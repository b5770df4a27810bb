"""`@bot Vera` in any chat: cards to post there, for admins alone."""

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


async def nothing(query: InlineQuery) -> None:
    await answer_query(query, [])


async def came_from_here(message: Message, bot: Bot) -> bool:
    return message.via_bot is not None and message.via_bot.id == bot.id


async def posted(_: Message) -> None:
    """A card that came from here is nothing to look for."""


def register(router: Router) -> None:
    router.inline_query.register(search_inline, from_admin)
    router.inline_query.register(nothing)
    router.message.register(posted, came_from_here)
