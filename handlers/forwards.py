"""A message that somebody else has written: what its author has booked."""

from datetime import datetime

from aiogram import Router
from aiogram.types import Message, MessageOriginHiddenUser, MessageOriginUser

from bot.errors import SearchEmpty
from bot.i18n import Translator
from bot.services.search import SearchService
from db.models import Actor
from handlers.search import show_found


async def is_forwarded(message: Message) -> bool:
    return message.forward_origin is not None


async def find_author(
    message: Message,
    search: SearchService,
    admin: Actor,
    t: Translator,
    now: datetime,
) -> None:
    match message.forward_origin:
        case MessageOriginUser(sender_user=author):
            found = await search.of_person(author.id, by=admin)
        case MessageOriginHiddenUser(sender_user_name=name):
            found = await search.find(name, by=admin)
        case _:
            raise SearchEmpty
    await show_found(message, found, t, now)


def register(router: Router) -> None:
    router.message.register(find_author, is_forwarded)
