"""/log, and the explanation of a booking's state."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.screens import history as screens
from bot.services.history import HistoryService
from db.models.audit import Actor, LogFilter
from handlers.common.arguments import number_of
from handlers.common.screen import send, show
from keyboards.payloads.history import HistoryButton, LogButton, PersonLogButton, WhyButton


async def show_log(
    message: Message, command: CommandObject, history: HistoryService, by: Actor, t: Translator
) -> None:
    criteria = LogFilter(booking=number_of(command.args) if command.args else None)
    await send(message, screens.log(t, await history.log(criteria, by=by)))


async def turn_page(
    callback: CallbackQuery,
    callback_data: LogButton,
    history: HistoryService,
    by: Actor,
    t: Translator,
) -> None:
    log = await history.log(callback_data.criteria, callback_data.cursor, by=by)
    await show(callback, screens.log(t, log))


async def show_history(
    callback: CallbackQuery,
    callback_data: HistoryButton,
    history: HistoryService,
    by: Actor,
    t: Translator,
) -> None:
    criteria = LogFilter(booking=callback_data.booking)
    log = await history.log(criteria, callback_data.cursor, by=by)
    await show(callback, screens.history(t, log, callback_data))


async def show_person_log(
    callback: CallbackQuery,
    callback_data: PersonLogButton,
    history: HistoryService,
    by: Actor,
    t: Translator,
) -> None:
    criteria = LogFilter(booking=callback_data.booking, person=True)
    log = await history.log(criteria, callback_data.cursor, by=by)
    await show(callback, screens.history(t, log, callback_data))


async def show_why(
    callback: CallbackQuery,
    callback_data: WhyButton,
    history: HistoryService,
    by: Actor,
    t: Translator,
) -> None:
    explanation = await history.why(callback_data.booking, by=by)
    await show(callback, screens.why(t, explanation, callback_data.place))


def register(router: Router) -> None:
    router.message.register(show_log, Command("log", ignore_case=True))
    router.callback_query.register(turn_page, LogButton.filter())
    router.callback_query.register(show_history, HistoryButton.filter())
    router.callback_query.register(show_person_log, PersonLogButton.filter())
    router.callback_query.register(show_why, WhyButton.filter())
