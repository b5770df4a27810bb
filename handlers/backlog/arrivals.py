"""Who is told of new bookings: /notify."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.screens.backlog.arrivals import subscriptions as screen
from bot.services.access.subscriptions import SubscriptionService
from db.models.audit import Actor
from handlers.common.screen import send, show
from keyboards.payloads.outbox import SubscriptionButton


async def open_(
    message: Message, subscriptions: SubscriptionService, by: Actor, t: Translator
) -> None:
    await send(message, screen(t, await subscriptions.current(by=by)))


async def choose(
    callback: CallbackQuery,
    callback_data: SubscriptionButton,
    subscriptions: SubscriptionService,
    by: Actor,
    t: Translator,
) -> None:
    choice = subscriptions.choose_for_group if callback_data.group else subscriptions.choose
    await show(callback, screen(t, await choice(told=callback_data.told, by=by)))


def register(router: Router) -> None:
    router.message.register(open_, Command("notify", ignore_case=True))
    router.callback_query.register(choose, SubscriptionButton.filter())
