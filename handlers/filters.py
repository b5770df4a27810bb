"""The filter panel, and lists that are opened by a link."""

from aiogram import Bot, F, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.errors import SearchForgotten
from bot.i18n import Translator
from bot.services.bookings import BookingService
from bot.services.filters import FilterService
from bot.texts import filters as texts
from bot.texts.lists import booking_list as list_text
from db.models import Actor, Panel
from handlers.screen import send, show
from keyboards.callbacks import (
    CalendarButton,
    ChoiceButton,
    ChoicesButton,
    DropButton,
    FilterButton,
    link_payload,
    linked_place,
)
from keyboards.filters import choices as choices_markup
from keyboards.filters import month as month_markup
from keyboards.filters import panel as panel_markup
from keyboards.lists import booking_list as list_markup


async def open_panel(
    callback: CallbackQuery,
    callback_data: FilterButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
    bot: Bot,
) -> None:
    await _draw(callback, await filters.panel(callback_data.place, by=by), t, bot)


async def choose(
    callback: CallbackQuery,
    callback_data: ChoiceButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
    bot: Bot,
) -> None:
    chosen = callback_data
    shown = await filters.choose(chosen.view, chosen.field, chosen.value, by=by)
    await _draw(callback, shown, t, bot)


async def drop(
    callback: CallbackQuery,
    callback_data: DropButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
    bot: Bot,
) -> None:
    shown = await filters.drop(callback_data.view, callback_data.field, by=by)
    await _draw(callback, shown, t, bot)


async def show_choices(
    callback: CallbackQuery,
    callback_data: ChoicesButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
) -> None:
    asked = callback_data
    shown = await filters.choices(asked.view, asked.field, asked.offset, by=by)
    await show(callback, texts.choices(t, shown), choices_markup(t, shown))


async def show_month(
    callback: CallbackQuery, callback_data: CalendarButton, t: Translator
) -> None:
    text = texts.month(t, callback_data.field, callback_data.month)
    await show(callback, text, month_markup(t, callback_data))


async def _draw(callback: CallbackQuery, shown: Panel, t: Translator, bot: Bot) -> None:
    link = f"https://t.me/{(await bot.me()).username}?start={link_payload(shown.view)}"
    await show(callback, texts.panel(t, shown), panel_markup(t, shown, link))


async def open_link(
    message: Message,
    command: CommandObject,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    place = linked_place(command.args or "")
    if place is None:
        raise SearchForgotten
    shown = await bookings.list(place, by=by)
    await send(message, list_text(t, shown), list_markup(t, shown))


def register(router: Router) -> None:
    router.message.register(open_link, CommandStart(deep_link=True, magic=F.args.startswith("v_")))
    router.callback_query.register(open_panel, FilterButton.filter())
    router.callback_query.register(show_month, CalendarButton.filter())
    router.callback_query.register(choose, ChoiceButton.filter())
    router.callback_query.register(drop, DropButton.filter())
    router.callback_query.register(show_choices, ChoicesButton.filter())
