"""/outbox: undelivered and sent messages, and their actions."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.screens import outbox as screens
from bot.services.outbox.admin import OutboxService
from bot.views.acting import MessageAction
from db.models.audit import Actor
from handlers.common.screen import send, show
from keyboards.payloads.outbox import (
    MessageActionButton,
    MessageButton,
    MessagesButton,
    OneMessageButton,
    OutboxButton,
    ResendAllButton,
    place_of,
)


async def show_outbox(message: Message, outbox: OutboxService, by: Actor, t: Translator) -> None:
    await send(message, screens.outbox(t, await outbox.groups(by=by)))


async def back_to_outbox(
    callback: CallbackQuery, outbox: OutboxService, by: Actor, t: Translator
) -> None:
    await show(callback, screens.outbox(t, await outbox.groups(by=by)))


async def turn_page(
    callback: CallbackQuery,
    callback_data: MessagesButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    messages = await outbox.list(callback_data.group, callback_data.cursor, by=by)
    await show(callback, screens.message_list(t, messages))


async def resend_all(
    callback: CallbackQuery,
    callback_data: ResendAllButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    """Ask for confirmation with the number of messages; resend them after the second press."""
    group, asked = callback_data.group, callback_data.asked
    if asked is None:
        messages, twice = await outbox.before_resending(group, callback_data.cursor, by=by)
        await show(callback, screens.ask_resend_all(t, messages, twice))
        return
    count = await outbox.resend_group(group, expected=asked, by=by)
    screen = screens.outbox(t, await outbox.groups(by=by))
    await show(callback, screen, toast=t.plain("toast-resend-all", count=count))


async def open_card(
    callback: CallbackQuery,
    callback_data: MessageButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    card = await outbox.card(callback_data.message, by=by)
    await show(callback, screens.message_card(t, card, callback_data))


async def reopen_card(
    callback: CallbackQuery,
    callback_data: OneMessageButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    card = await outbox.card(callback_data.message, by=by)
    await show(callback, screens.message_card(t, card, place_of(card.message)))


async def ask_resend(
    callback: CallbackQuery,
    callback_data: MessageActionButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    card = await outbox.card(callback_data.message, by=by)
    await show(callback, screens.ask_resend(t, card, callback_data))


async def change_message(
    callback: CallbackQuery,
    callback_data: MessageActionButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    card = await outbox.act(
        callback_data.message, callback_data.action, attempts=callback_data.attempts, by=by
    )
    screen = screens.message_card(t, card, callback_data)
    toast = t.plain(f"toast-message-{callback_data.action.name.lower()}")
    await show(callback, screen, toast=toast)


def register(router: Router) -> None:
    presses = router.callback_query
    asks = F.action == MessageAction.ASK_RESEND
    router.message.register(show_outbox, Command("outbox", ignore_case=True))
    presses.register(back_to_outbox, OutboxButton.filter())
    presses.register(turn_page, MessagesButton.filter())
    presses.register(resend_all, ResendAllButton.filter())
    presses.register(open_card, MessageButton.filter())
    presses.register(reopen_card, OneMessageButton.filter())
    presses.register(ask_resend, MessageActionButton.filter(asks))
    presses.register(change_message, MessageActionButton.filter())
