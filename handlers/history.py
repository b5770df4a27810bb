"""/log, and why a booking is as it is."""

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.services.history import HistoryService
from bot.texts import history as texts
from db.models import Actor, LogPlace
from handlers.cards import number_of
from handlers.screen import send, show
from keyboards import history as keyboards
from keyboards.callbacks import LogButton, WhyButton


async def show_log(
    message: Message,
    command: CommandObject,
    history: HistoryService,
    by: Actor,
    t: Translator,
) -> None:
    place = LogPlace(booking=number_of(command.args) if command.args else None)
    shown = await history.log(place, by=by)
    await send(message, texts.log(t, shown), keyboards.log(t, shown))


async def turn_page(
    callback: CallbackQuery,
    callback_data: LogButton,
    history: HistoryService,
    by: Actor,
    t: Translator,
) -> None:
    shown = await history.log(callback_data.place, by=by)
    await show(callback, texts.log(t, shown), keyboards.log(t, shown))


async def show_why(
    callback: CallbackQuery,
    callback_data: WhyButton,
    history: HistoryService,
    by: Actor,
    t: Translator,
) -> None:
    told = await history.why(callback_data.booking, by=by)
    await show(callback, texts.why(t, told), keyboards.why(t, told, callback_data.place))


def register(router: Router) -> None:
    router.message.register(show_log, Command("log"))
    router.callback_query.register(turn_page, LogButton.filter())
    router.callback_query.register(show_why, WhyButton.filter())
