"""The filter panel."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.i18n import Translator
from bot.screens import filters as screens
from bot.services.filters import FilterService
from db.models import Actor, Panel
from handlers.arguments import bot_of
from handlers.screen import show
from keyboards.callbacks import (
    CalendarButton,
    ChoiceButton,
    ChoicesButton,
    DropButton,
    FilterButton,
)


async def open_panel(
    callback: CallbackQuery,
    callback_data: FilterButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
) -> None:
    await _draw(callback, await filters.panel(callback_data.place, by=by), t)


async def choose(
    callback: CallbackQuery,
    callback_data: ChoiceButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
) -> None:
    chosen = callback_data
    shown = await filters.choose(chosen.view, chosen.field, chosen.value, by=by)
    await _draw(callback, shown, t)


async def drop(
    callback: CallbackQuery,
    callback_data: DropButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
) -> None:
    await _draw(callback, await filters.drop(callback_data.view, callback_data.field, by=by), t)


async def show_choices(
    callback: CallbackQuery,
    callback_data: ChoicesButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
) -> None:
    asked = callback_data
    shown = await filters.choices(asked.view, asked.field, asked.offset, by=by)
    await show(callback, screens.choices(t, shown))


async def show_month(
    callback: CallbackQuery, callback_data: CalendarButton, t: Translator
) -> None:
    await show(callback, screens.month(t, callback_data))


async def _draw(callback: CallbackQuery, shown: Panel, t: Translator) -> None:
    """Draw the panel; its link opens the bot that it is drawn by."""
    desk = await bot_of(callback).me()
    await show(callback, screens.panel(t, shown, desk.username or ""))


def register(router: Router) -> None:
    router.callback_query.register(open_panel, FilterButton.filter())
    router.callback_query.register(show_month, CalendarButton.filter())
    router.callback_query.register(choose, ChoiceButton.filter())
    router.callback_query.register(drop, DropButton.filter())
    router.callback_query.register(show_choices, ChoicesButton.filter())
