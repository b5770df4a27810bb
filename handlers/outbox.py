"""/outbox: the messages that were not delivered, and what to do about them."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.services.messages import MessageService
from bot.texts import outbox as texts
from db.models import Actor
from handlers.screen import send, show
from keyboards import outbox as keyboards
from keyboards.callbacks import (
    MessageAction,
    MessageActionButton,
    MessageButton,
    MessagesButton,
    OutboxButton,
    ResendAllButton,
)


async def outbox(message: Message, messages: MessageService, by: Actor, t: Translator) -> None:
    groups = await messages.groups(by=by)
    await send(message, texts.outbox(t, groups), keyboards.outbox(t, groups))


async def back_to_outbox(
    callback: CallbackQuery, messages: MessageService, by: Actor, t: Translator
) -> None:
    groups = await messages.groups(by=by)
    await show(callback, texts.outbox(t, groups), keyboards.outbox(t, groups))


async def turn_page(
    callback: CallbackQuery,
    callback_data: MessagesButton,
    messages: MessageService,
    by: Actor,
    t: Translator,
) -> None:
    shown = await messages.list(callback_data.place, by=by)
    await show(callback, texts.message_list(t, shown), keyboards.message_list(t, shown))


async def open_card(
    callback: CallbackQuery,
    callback_data: MessageButton,
    messages: MessageService,
    by: Actor,
    t: Translator,
) -> None:
    card = await messages.card(callback_data.message, by=by)
    await show(
        callback,
        texts.message_card(t, card),
        keyboards.message_card(t, card, callback_data.place),
    )


async def act(
    callback: CallbackQuery,
    callback_data: MessageActionButton,
    messages: MessageService,
    by: Actor,
    t: Translator,
) -> None:
    button = callback_data
    if button.action is MessageAction.ASK_RESEND:
        card = await messages.card(button.message, by=by)
        await show(
            callback, texts.ask_resend(t, card), keyboards.ask_resend(t, card, button.place)
        )
        return
    change = {
        MessageAction.RESEND: messages.resend,
        MessageAction.WITHDRAW: messages.withdraw,
        MessageAction.TOLD: messages.told,
    }[button.action]
    card = await change(button.message, attempts=button.attempts, by=by)
    await show(
        callback,
        texts.message_card(t, card),
        keyboards.message_card(t, card, button.place),
        toast=t.plain(f"toast-message-{button.action.name.lower()}"),
    )


async def resend_all(
    callback: CallbackQuery,
    callback_data: ResendAllButton,
    messages: MessageService,
    by: Actor,
    t: Translator,
) -> None:
    place = callback_data.place
    asked = callback_data.asked
    if asked is None:
        shown, twice = await messages.before_resending(place, by=by)
        await show(
            callback, texts.ask_resend_all(t, shown, twice), keyboards.ask_resend_all(t, shown)
        )
        return
    count = await messages.resend_group(place, asked=asked, by=by)
    groups = await messages.groups(by=by)
    await show(
        callback,
        texts.outbox(t, groups),
        keyboards.outbox(t, groups),
        toast=t.plain("toast-resend-all", count=count),
    )


def register(router: Router) -> None:
    router.message.register(outbox, Command("outbox"))
    router.callback_query.register(back_to_outbox, OutboxButton.filter())
    router.callback_query.register(turn_page, MessagesButton.filter())
    router.callback_query.register(resend_all, ResendAllButton.filter())
    router.callback_query.register(open_card, MessageButton.filter())
    router.callback_query.register(act, MessageActionButton.filter())
