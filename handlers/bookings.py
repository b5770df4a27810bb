"""The card of one booking and its actions."""

from asyncio import gather

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.screens import bookings as screens
from bot.services.bookings.decisions import BookingService
from bot.texts.bookings import done
from bot.views.lists import Origin
from db.models.audit import Actor
from handlers.common.arguments import number_of
from handlers.common.screen import acknowledge, open_privately, send, show
from keyboards.payloads.bookings import (
    CardButton,
    DecisionButton,
    NoticeCardButton,
    NoticeDecisionButton,
)
from keyboards.payloads.lists import BOOKING_LINK, booking_link


async def booking(
    message: Message, command: CommandObject, bookings: BookingService, by: Actor, t: Translator
) -> None:
    card = await bookings.card(number_of(command.args), by=by)
    await send(message, screens.booking_card(t, card, Origin()))


async def open_card(
    callback: CallbackQuery,
    callback_data: CardButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    card = await bookings.card(callback_data.booking, by=by)
    await show(callback, screens.booking_card(t, card, callback_data.place))


async def open_link(
    message: Message, command: CommandObject, bookings: BookingService, by: Actor, t: Translator
) -> None:
    number = number_of((command.args or "").removeprefix(BOOKING_LINK))
    card = await bookings.card(number, by=by)
    await send(message, screens.booking_card(t, card, Origin()))


async def open_noticed(
    callback: CallbackQuery,
    callback_data: NoticeCardButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    """Show the card below the notice; one that a group reads opens in the admin's own chat."""
    message = callback.message
    if message is None or message.chat.type != ChatType.PRIVATE:
        await open_privately(callback, booking_link(callback_data.booking))
        return
    card = await bookings.card(callback_data.booking, by=by)
    screen = screens.booking_card(t, card, Origin())
    await gather(acknowledge(callback), send(message, screen))


async def decide(
    callback: CallbackQuery,
    callback_data: DecisionButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    card = await bookings.decide(
        callback_data.action, callback_data.booking, revision=callback_data.revision, by=by
    )
    screen = screens.booking_card(t, card, callback_data.place)
    await show(callback, screen, toast=done(t, callback_data.action, card))


async def decide_noticed(
    callback: CallbackQuery,
    callback_data: NoticeDecisionButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    """Decide; the notice is drawn again in every chat, this one included."""
    card = await bookings.decide(
        callback_data.action, callback_data.booking, revision=callback_data.revision, by=by
    )
    await acknowledge(callback, done(t, callback_data.action, card))


def register(router: Router) -> None:
    router.message.register(booking, Command("booking", ignore_case=True))
    link = CommandStart(deep_link=True, ignore_case=True, magic=F.args.startswith(BOOKING_LINK))
    router.message.register(open_link, link)
    router.callback_query.register(open_card, CardButton.filter())
    router.callback_query.register(open_noticed, NoticeCardButton.filter())
    router.callback_query.register(decide_noticed, NoticeDecisionButton.filter())
    router.callback_query.register(decide, DecisionButton.filter())
