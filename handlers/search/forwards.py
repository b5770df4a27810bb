"""Forwarded messages: the bookings of their author."""

from aiogram import Router
from aiogram.types import Message, MessageOriginHiddenUser, MessageOriginUser

from bot.errors import SearchEmpty
from bot.i18n import Translator
from bot.screens.search import found
from bot.services.lists.search import SearchService
from db.models.audit import Actor
from handlers.common.screen import send


async def is_forwarded(message: Message) -> bool:
    return message.forward_origin is not None


async def find_author(message: Message, search: SearchService, by: Actor, t: Translator) -> None:
    match message.forward_origin:
        case MessageOriginUser(sender_user=author):
            result = await search.of_person(author.id, by=by)
        case MessageOriginHiddenUser(sender_user_name=name):
            result = await search.of_author(name, by=by)
        case _:
            raise SearchEmpty
    await send(message, found(t, result))


def register(router: Router) -> None:
    router.message.register(find_author, is_forwarded)
