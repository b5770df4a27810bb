"""Reminding students who have not paid."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.i18n import Translator
from bot.screens.bookings import booking_card
from bot.services.backlog.reminders import ReminderService
from db.models.audit import Actor
from handlers.common.screen import show
from keyboards.payloads.bookings import RemindButton


async def remind(
    callback: CallbackQuery,
    callback_data: RemindButton,
    reminders: ReminderService,
    by: Actor,
    t: Translator,
) -> None:
    act = reminders.take_back if callback_data.undo else reminders.remind
    card = await act(callback_data.booking, revision=callback_data.revision, by=by)
    toast = t.plain("toast-remind-undo" if callback_data.undo else "toast-remind")
    await show(callback, booking_card(t, card, callback_data.place), toast=toast)


def register(router: Router) -> None:
    router.callback_query.register(remind, RemindButton.filter())
