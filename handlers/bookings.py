"""The lists: /bookings, /pending, their tabs and pages."""

from datetime import datetime

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.services.bookings import BookingService
from bot.services.filters import FilterService
from bot.services.words import WordService
from bot.texts.bookings import booking_list as list_text
from db.models import Actor, BookingStatus, Filter, Place
from handlers.screen import show
from keyboards.bookings import booking_list as list_markup
from keyboards.callbacks import ListButton


async def all_bookings(
    message: Message, bookings: BookingService, admin: Actor, t: Translator, now: datetime
) -> None:
    shown = await bookings.list(Place(status=None), by=admin)
    await message.answer(list_text(t, shown), reply_markup=list_markup(t, shown, now))


async def chosen_bookings(
    message: Message,
    chosen: Filter,
    filters: FilterService,
    admin: Actor,
    t: Translator,
    now: datetime,
) -> None:
    shown = await filters.open(chosen, by=admin)
    await message.answer(list_text(t, shown), reply_markup=list_markup(t, shown, now))


async def in_words(
    _: Message, command: CommandObject, words: WordService, admin: Actor
) -> dict[str, Filter]:
    """Give the handler what the words of the command mean; "pending" is such a word itself."""
    text = command.args or ""
    if command.command == "pending":
        text = f"pending {text}"
    return {"chosen": await words.read(text, by=admin)}


async def pending(
    message: Message, bookings: BookingService, admin: Actor, t: Translator, now: datetime
) -> None:
    shown = await bookings.list(Place(status=BookingStatus.PENDING), by=admin)
    await message.answer(list_text(t, shown), reply_markup=list_markup(t, shown, now))


async def turn_page(
    callback: CallbackQuery,
    callback_data: ListButton,
    bookings: BookingService,
    admin: Actor,
    t: Translator,
    now: datetime,
) -> None:
    shown = await bookings.list(callback_data.place, by=admin)
    await show(callback, list_text(t, shown), list_markup(t, shown, now))


def register(router: Router) -> None:
    router.message.register(
        chosen_bookings, Command("bookings", "pending", magic=F.args), in_words
    )
    router.message.register(all_bookings, Command("bookings"))
    router.message.register(pending, Command("pending"))
    router.callback_query.register(turn_page, ListButton.filter())
