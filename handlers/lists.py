"""The lists of bookings: /bookings and /pending, their tabs and pages, and links to lists."""

from collections.abc import Mapping
from typing import Final

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.screens.lists import booking_list
from bot.services.lists.pages import ListService
from bot.services.lists.query_text import QueryTextService
from bot.views.lists import Origin, Tab
from db.models.audit import Actor
from db.models.bookings import BookingStatus
from handlers.common.arguments import list_of_link
from handlers.common.screen import send, show
from keyboards.payloads.lists import ListButton

_TABS: Final[Mapping[str, BookingStatus | None]] = {
    "bookings": None,
    "pending": BookingStatus.PENDING,
}
"""The status that each command lists; None means all bookings."""


async def list_bookings(
    message: Message, command: CommandObject, lists: ListService, by: Actor, t: Translator
) -> None:
    bookings = await lists.page(Origin(Tab(_TABS[command.command])), by=by, now=t.now)
    await send(message, booking_list(t, bookings))


async def list_in_words(
    message: Message,
    command: CommandObject,
    query_text: QueryTextService,
    by: Actor,
    t: Translator,
) -> None:
    """Show the list that the words of a command describe; the command adds its status to them."""
    text = f"{_TABS[command.command] or ''} {command.args}"
    await send(message, booking_list(t, await query_text.list(text, by=by, now=t.now)))


async def open_link(
    message: Message, command: CommandObject, lists: ListService, by: Actor, t: Translator
) -> None:
    bookings = await lists.page(Origin(list_of_link(command.args)), by=by, now=t.now)
    await send(message, booking_list(t, bookings))


async def turn_page(
    callback: CallbackQuery,
    callback_data: ListButton,
    lists: ListService,
    by: Actor,
    t: Translator,
) -> None:
    bookings = await lists.page(callback_data.origin, by=by, now=t.now)
    await show(callback, booking_list(t, bookings))


def register(router: Router) -> None:
    router.message.register(list_bookings, Command(*_TABS, magic=~F.args))
    router.message.register(list_in_words, Command(*_TABS))
    router.message.register(open_link, CommandStart(deep_link=True, magic=F.args.startswith("v_")))
    router.callback_query.register(turn_page, ListButton.filter())
