"""The filter panel."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.i18n import Translator
from bot.screens import filters as screens
from bot.services.lists.filters import FilterService
from bot.views.filters import Panel
from db.models.audit import Actor
from handlers.common.arguments import bot_of
from handlers.common.screen import show
from keyboards.payloads.filters import (
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
    await _draw(callback, await filters.panel(callback_data.key, by=by, now=t.now), t)


async def choose(
    callback: CallbackQuery,
    callback_data: ChoiceButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
) -> None:
    key, field, value = callback_data.key, callback_data.field, callback_data.value
    panel = await filters.choose(key, field, value, by=by, now=t.now)
    await _draw(callback, panel, t)


async def drop(
    callback: CallbackQuery,
    callback_data: DropButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
) -> None:
    key, field = callback_data.key, callback_data.field
    await _draw(callback, await filters.drop(key, field, by=by, now=t.now), t)


async def show_choices(
    callback: CallbackQuery,
    callback_data: ChoicesButton,
    filters: FilterService,
    by: Actor,
    t: Translator,
) -> None:
    key, field, offset = callback_data.key, callback_data.field, callback_data.offset
    choices = await filters.choices(key, field, offset, by=by, now=t.now)
    await show(callback, screens.choices(t, choices))


async def show_month(
    callback: CallbackQuery, callback_data: CalendarButton, t: Translator
) -> None:
    await show(callback, screens.month(t, callback_data))


async def _draw(callback: CallbackQuery, panel: Panel, t: Translator) -> None:
    """Show the panel; its link opens the bot that the press came to."""
    bot = await bot_of(callback).me()
    await show(callback, screens.panel(t, panel, bot.username or ""))


def register(router: Router) -> None:
    router.callback_query.register(open_panel, FilterButton.filter())
    router.callback_query.register(show_month, CalendarButton.filter())
    router.callback_query.register(choose, ChoiceButton.filter())
    router.callback_query.register(drop, DropButton.filter())
    router.callback_query.register(show_choices, ChoicesButton.filter())
