"""Presses that no other handler takes: old, forged or forwarded buttons."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.i18n import Translator
from db.models.audit import Actor
from handlers.common.screen import acknowledge


async def refuse(callback: CallbackQuery, by: Actor | None, t: Translator) -> None:
    text_id = "alert-stranger" if by is None else "alert-outdated"
    await acknowledge(callback, t.plain(text_id), alert=True)


def register(router: Router) -> None:
    router.callback_query.register(refuse)
