"""The school's reasons for a cancellation: /reasons, and a reply that adds one."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.i18n import Translator
from bot.screens.backlog.reasons import reasons as screen
from bot.services.backlog.reasons import ReasonService
from db.models.audit import Actor
from handlers.common.arguments import buttons_replied_to
from handlers.common.screen import send, show
from keyboards.payloads.questions import ReasonButton, ReasonsButton, lists_reasons


async def list_(message: Message, reasons: ReasonService, by: Actor, t: Translator) -> None:
    await send(message, screen(t, await reasons.list(by=by)))


async def list_again(
    callback: CallbackQuery, reasons: ReasonService, by: Actor, t: Translator
) -> None:
    await show(callback, screen(t, await reasons.list(by=by)))


async def adds(message: Message) -> bool:
    """Whether the message replies to the list with words; a command has none."""
    words = message.text or "/"
    return not words.startswith("/") and lists_reasons(buttons_replied_to(message))


async def add(message: Message, reasons: ReasonService, by: Actor, t: Translator) -> None:
    await send(message, screen(t, await reasons.add(message.text or "", by=by)))


async def set_listed(
    callback: CallbackQuery,
    callback_data: ReasonButton,
    reasons: ReasonService,
    by: Actor,
    t: Translator,
) -> None:
    listed = callback_data.listed
    reason = await reasons.set_listed(callback_data.reason, listed=listed, by=by)
    removed = None if listed else reason
    await show(callback, screen(t, await reasons.list(by=by), removed))


def register(router: Router) -> None:
    router.message.register(list_, Command("reasons", ignore_case=True))
    router.message.register(add, adds)
    router.callback_query.register(list_again, ReasonsButton.filter())
    router.callback_query.register(set_listed, ReasonButton.filter())
