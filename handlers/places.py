"""Presses in chats where others read along: what they ask for is shown in private alone."""

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery

from bot.i18n import Translator
from bot.services.access import Places
from handlers.common.screen import acknowledge
from keyboards.payloads.bookings import stays_on_card


async def elsewhere(callback: CallbackQuery, places: Places) -> bool:
    """Whether the chat is none that is known to be the admins' own.

    A card that was posted into a chat tells neither that chat nor more than the card.
    """
    if callback.message is None:
        return not stays_on_card(callback.data)
    return not places.is_known(callback.message.chat.id, callback.from_user.id)


async def point_to_private(callback: CallbackQuery, places: Places, t: Translator) -> None:
    if callback.message is not None and await places.is_staff(callback.message.chat.id):
        raise SkipHandler
    await acknowledge(callback, t.plain("alert-private"), alert=True)


def register(router: Router) -> None:
    router.callback_query.register(point_to_private, elsewhere)
