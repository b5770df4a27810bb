"""/log, and why a booking is as it is."""

from datetime import datetime

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
    admin: Actor,
    t: Translator,
    now: datetime,
) -> None:
    place = LogPlace(booking=number_of(command.args) if command.args else None)
    shown = await history.log(place, by=admin)
    await send(message, texts.log(t, shown, now), keyboards.log(t, shown, now))


async def turn_page(
    callback: CallbackQuery,
    callback_data: LogButton,
    history: HistoryService,
    admin: Actor,
    t: Translator,
    now: datetime,
) -> None:
    shown = await history.log(callback_data.place, by=admin)
    await show(callback, texts.log(t, shown, now), keyboards.log(t, shown, now))


async def show_why(
    callback: CallbackQuery,
    callback_data: WhyButton,
    history: HistoryService,
    admin: Actor,
    t: Translator,
    now: datetime,
) -> None:
    told = await history.why(callback_data.booking, by=admin)
    await show(callback, texts.why(t, told, now), keyboards.why(t, told, callback_data.place))


def register(router: Router) -> None:
    router.message.register(show_log, Command("log"))
    router.callback_query.register(turn_page, LogButton.filter())
    router.callback_query.register(show_why, WhyButton.filter())
