"""Messages that have not reached their students: what admins do on cards and on notices."""

from asyncio import gather

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.screens import bookings as cards
from bot.screens import outbox as screens
from bot.screens.screen import Screen
from bot.services.bookings.decisions import BookingService
from bot.services.outbox.admin import OutboxService
from bot.services.outbox.unreached import UnreachedService
from bot.views.acting import MessageAction
from db.models.audit import Actor
from db.models.outbox import GroupKey
from handlers.common.arguments import number_of
from handlers.common.screen import acknowledge, open_privately, send, show
from keyboards.payloads.bookings import LostActionButton, LostButton
from keyboards.payloads.outbox import (
    MESSAGE_LINK,
    OUTBOX_LINK,
    NoticeActionButton,
    NoticeGroupButton,
    group_link,
    linked_group,
    place_of,
    question_link,
)


async def act_on_card(
    callback: CallbackQuery,
    callback_data: LostActionButton,
    unreached: UnreachedService,
    by: Actor,
    t: Translator,
) -> None:
    card = await unreached.act(
        callback_data.booking,
        callback_data.action,
        revision=callback_data.revision,
        attempts=callback_data.attempts,
        by=by,
    )
    screen = cards.booking_card(t, card, callback_data.place)
    await show(callback, screen, toast=_toast(t, callback_data.action))


async def ask_on_card(
    callback: CallbackQuery,
    callback_data: LostActionButton,
    bookings: BookingService,
    by: Actor,
    t: Translator,
) -> None:
    card = await bookings.card(callback_data.booking, revision=callback_data.revision, by=by)
    await show(callback, cards.ask_resend(t, card, callback_data.place))


async def show_lost(
    callback: CallbackQuery,
    callback_data: LostButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    card = await outbox.card(callback_data.message, by=by)
    await show(callback, screens.lost(t, card, callback_data))


async def act_on_notice(
    callback: CallbackQuery,
    callback_data: NoticeActionButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    """Act on the message; the notice is drawn again in every chat, this one included."""
    await outbox.act(
        callback_data.message, callback_data.action, attempts=callback_data.attempts, by=by
    )
    await acknowledge(callback, _toast(t, callback_data.action))


async def ask_on_notice(
    callback: CallbackQuery,
    callback_data: NoticeActionButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    """Ask below the notice; if a group reads it, in the admin's own chat."""
    if _is_read_by_others(callback):
        await open_privately(callback, question_link(callback_data.message))
        return
    screen = await _question(outbox, callback_data.message, by, t)
    await _send_below(callback, screen)


async def open_question(
    message: Message, command: CommandObject, outbox: OutboxService, by: Actor, t: Translator
) -> None:
    number = number_of((command.args or "").removeprefix(MESSAGE_LINK))
    await send(message, await _question(outbox, number, by, t))


async def list_noticed(
    callback: CallbackQuery,
    callback_data: NoticeGroupButton,
    outbox: OutboxService,
    by: Actor,
    t: Translator,
) -> None:
    """List whom the notice counts below it; if a group reads it, in the admin's own chat."""
    if _is_read_by_others(callback):
        await open_privately(callback, group_link(callback_data.group))
        return
    await _send_below(callback, await _list(outbox, callback_data.group, by, t))


async def open_list(
    message: Message, command: CommandObject, outbox: OutboxService, by: Actor, t: Translator
) -> None:
    await send(message, await _list(outbox, linked_group(command.args or ""), by, t))


def _toast(t: Translator, action: MessageAction) -> str:
    return t.plain(f"toast-message-{action.name.lower()}")


def _is_read_by_others(callback: CallbackQuery) -> bool:
    return callback.message is None or callback.message.chat.type != ChatType.PRIVATE


async def _send_below(callback: CallbackQuery, screen: Screen) -> None:
    if callback.message is not None:
        await gather(acknowledge(callback), send(callback.message, screen))


async def _question(outbox: OutboxService, number: int, by: Actor, t: Translator) -> Screen:
    card = await outbox.card(number, by=by)
    return screens.ask_resend(t, card, place_of(card.message))


async def _list(outbox: OutboxService, group: GroupKey | None, by: Actor, t: Translator) -> Screen:
    if group is None:
        return screens.outbox(t, await outbox.groups(by=by))
    return screens.message_list(t, await outbox.list(group, by=by))


def register(router: Router) -> None:
    presses = router.callback_query
    asks = F.action == MessageAction.ASK_RESEND
    question = CommandStart(
        deep_link=True, ignore_case=True, magic=F.args.startswith(MESSAGE_LINK)
    )
    group = CommandStart(deep_link=True, ignore_case=True, magic=F.args.startswith(OUTBOX_LINK))
    router.message.register(open_question, question)
    router.message.register(open_list, group)
    presses.register(ask_on_card, LostActionButton.filter(asks))
    presses.register(act_on_card, LostActionButton.filter())
    presses.register(show_lost, LostButton.filter())
    presses.register(ask_on_notice, NoticeActionButton.filter(asks))
    presses.register(act_on_notice, NoticeActionButton.filter())
    presses.register(list_noticed, NoticeGroupButton.filter())
