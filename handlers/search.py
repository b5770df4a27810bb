"""The search box: /find, any other text an admin writes, a forwarded message, a contact."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import (
    Contact,
    Message,
)

from bot.i18n import Translator
from bot.services.search import SearchService
from bot.texts import bookings as texts
from bot.texts import lists
from db.models import Actor, BookingList, Card, Place
from handlers.screen import send
from keyboards import bookings as keyboards
from keyboards import lists as list_keyboards
from keyboards.markup import Markup


async def is_contact(message: Message) -> bool:
    return message.contact is not None


async def is_text(message: Message) -> bool:
    return message.text is not None and not message.text.startswith("/")


async def find(
    message: Message,
    command: CommandObject,
    search: SearchService,
    by: Actor,
    t: Translator,
) -> None:
    found = await search.find(command.args or "", by=by)
    await show_found(message, found, t)


async def find_text(
    message: Message,
    search: SearchService,
    by: Actor,
    t: Translator,
) -> None:
    await show_found(message, await search.find(message.text or "", by=by), t)


async def find_contact(
    message: Message,
    search: SearchService,
    by: Actor,
    t: Translator,
) -> None:
    match message.contact:
        case Contact(user_id=int(user_id)):
            found = await search.of_person(user_id, by=by)
        case contact:
            found = await search.find(contact.first_name if contact else "", by=by)
    await show_found(message, found, t)


async def show_found(message: Message, found: Card | BookingList, t: Translator) -> None:
    text, markup = screen_of(t, found)
    await send(message, text, markup)


def screen_of(t: Translator, found: Card | BookingList) -> tuple[str, Markup]:
    """Return what to show of what was found: text and buttons."""
    if isinstance(found, Card):
        markup = keyboards.booking_card(t, found, Place(status=None))
        return texts.booking_card(t, found), markup
    return lists.booking_list(t, found), list_keyboards.booking_list(t, found)


def register(router: Router) -> None:
    router.message.register(find_contact, is_contact)
    router.message.register(find, Command("find"))
    router.message.register(find_text, is_text)
