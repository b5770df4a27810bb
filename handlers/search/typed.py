"""Search by /find, by any other text that an admin writes, and by a contact."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Contact, Message

from bot.i18n import Translator
from bot.screens.lists import booking_list
from bot.screens.search import found
from bot.services.lists.query_text import QueryTextService
from bot.services.lists.search import SearchService
from db.models.audit import Actor
from handlers.common.screen import send


async def is_contact(message: Message) -> bool:
    return message.contact is not None


async def is_text(message: Message) -> bool:
    return message.text is not None and not message.text.startswith("/")


async def find(
    message: Message, command: CommandObject, search: SearchService, by: Actor, t: Translator
) -> None:
    await send(message, found(t, await search.find(command.args or "", by=by)))


async def find_text(
    message: Message,
    search: SearchService,
    query_text: QueryTextService,
    by: Actor,
    t: Translator,
) -> None:
    """List what fits the words of a filter, or else search."""
    text = message.text or ""
    if query_text.reads(text):
        await send(message, booking_list(t, await query_text.list(text, by=by, now=t.now)))
    else:
        result = await search.find(text, by=by)
        offers = await query_text.offers(text, by=by)
        await send(message, found(t, result, offers))


async def find_contact(message: Message, search: SearchService, by: Actor, t: Translator) -> None:
    match message.contact:
        case Contact(user_id=int(user_id)):
            result = await search.of_person(user_id, by=by)
        case contact:
            result = await search.find(contact.first_name if contact else "", by=by)
    await send(message, found(t, result))


def register(router: Router) -> None:
    router.message.register(find_contact, is_contact)
    router.message.register(find, Command("find", ignore_case=True))
    router.message.register(find_text, is_text)
