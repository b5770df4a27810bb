"""The lists: /bookings, /pending, their tabs and pages."""

from collections.abc import Mapping
from typing import Final

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.services.bookings import BookingService
from bot.services.filters import FilterService
from bot.services.words import WordService
from bot.texts.lists import booking_list as list_text
from db.models import Actor, BookingStatus, Filter, Place
from handlers.screen import send, show
from keyboards.callbacks import ListButton
from keyboards.lists import booking_list as list_markup

_TABS: Final[Mapping[str, BookingStatus | None]] = {
    "bookings": None,
    "pending": BookingStatus.PENDING,
}
"""Which list a command shows."""


async def list_bookings(
    message: Message,
    command: CommandObject,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    shown = await bookings.list(Place(status=_TABS[command.command]), by=by)
    await send(message, list_text(t, shown), list_markup(t, shown))


async def chosen_bookings(
    message: Message,
    chosen: Filter,
    filters: FilterService,
    by: Actor,
    t: Translator,
) -> None:
    shown = await filters.open(chosen, by=by)
    await send(message, list_text(t, shown), list_markup(t, shown))


async def in_words(
    _: Message, command: CommandObject, words: WordService, by: Actor
) -> dict[str, Filter]:
    """Give the handler what the words of the command mean; a status is such a word itself."""
    text = f"{_TABS[command.command] or ''} {command.args}"
    return {"chosen": await words.read(text, by=by)}


async def turn_page(
    callback: CallbackQuery,
    callback_data: ListButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    shown = await bookings.list(callback_data.place, by=by)
    await show(callback, list_text(t, shown), list_markup(t, shown))


def register(router: Router) -> None:
    router.message.register(list_bookings, Command(*_TABS, magic=~F.args))
    router.message.register(chosen_bookings, Command(*_TABS), in_words)
    router.callback_query.register(turn_page, ListButton.filter())
