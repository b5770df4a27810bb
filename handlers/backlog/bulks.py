"""Bulks: one decision for all bookings of a list."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.errors import NotAllowed
from bot.i18n import Translator
from bot.screens.backlog import bulks as screens
from bot.services.backlog.bulks import BulkService
from bot.views.bulks import BulkStep
from db.models.audit import Actor
from handlers.common.screen import show
from keyboards.payloads.bulks import BulkButton, BulkChoiceButton, BulkPageButton, RehearseButton


async def choose(
    callback: CallbackQuery,
    callback_data: BulkChoiceButton,
    bulks: BulkService,
    by: Actor,
    t: Translator,
) -> None:
    choice = await bulks.choices(callback_data.origin, by=by, now=t.now)
    await show(callback, screens.choices(t, choice))


async def rehearse(
    callback: CallbackQuery,
    callback_data: RehearseButton,
    bulks: BulkService,
    by: Actor,
    t: Translator,
) -> None:
    view = await bulks.rehearse(
        callback_data.origin,
        callback_data.action,
        callback_data.stream,
        older=callback_data.older,
        by=by,
        now=t.now,
    )
    await show(callback, screens.bulk(t, view))


async def step(
    callback: CallbackQuery,
    callback_data: BulkButton,
    bulks: BulkService,
    by: Actor,
    t: Translator,
) -> None:
    match callback_data.step:
        case BulkStep.BEGIN:
            await _begin(callback, callback_data.bulk, bulks, by, t)
        case BulkStep.APPROVE:
            await bulks.approve(callback_data.bulk, by=by)
        case BulkStep.REFUSE:
            await bulks.refuse(callback_data.bulk, by=by)
        case BulkStep.HALT:
            await bulks.stop(callback_data.bulk, by=by)
        case BulkStep.UNDO:
            await bulks.undo(callback_data.bulk, by=by)
        case BulkStep.TELL | BulkStep.QUIET as chosen:
            tell = chosen is BulkStep.TELL
            await bulks.set_telling(callback_data.bulk, tell=tell, by=by)
        case BulkStep.SHOW:
            pass
    view = await bulks.get(callback_data.bulk, by=by)
    await show(callback, screens.bulk(t, view))


async def _begin(
    callback: CallbackQuery, bulk_id: int, bulks: BulkService, by: Actor, t: Translator
) -> None:
    message = callback.message
    if message is None:
        # A posted card has no such button.
        raise NotAllowed
    await bulks.begin(
        bulk_id,
        by=by,
        chat_id=message.chat.id,
        message_id=message.message_id,
        language=t.language,
    )


async def page(
    callback: CallbackQuery,
    callback_data: BulkPageButton,
    bulks: BulkService,
    by: Actor,
    t: Translator,
) -> None:
    await show(callback, screens.page(t, await bulks.page(callback_data.origin, by=by)))


def register(router: Router) -> None:
    router.callback_query.register(rehearse, RehearseButton.filter())
    router.callback_query.register(choose, BulkChoiceButton.filter())
    router.callback_query.register(page, BulkPageButton.filter())
    router.callback_query.register(step, BulkButton.filter())
