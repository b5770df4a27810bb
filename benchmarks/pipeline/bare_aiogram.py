"""A bare aiogram bot as in its manual, with the desk's screens and SQL and nothing else.

The arguments are a token, the Bot API's address, the file of the script, and a port for a webhook;
PostgreSQL's address is in DATABASE_URL.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, TypeAlias

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    TelegramObject,
    Update,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from benchmarks.pipeline.script import Screen, Script, Statement, Step, Work, play, pooled
from benchmarks.support.stub import SECRET

Ask: TypeAlias = Callable[[Iterable[Statement]], Awaitable[None]]
Handler: TypeAlias = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Press(CallbackData, prefix="press"):
    """A button."""

    work: Work
    booking: int
    student: int


async def pending(message: Message, script: Script, ask: Ask) -> None:
    await ask(script.statements(Work.LIST, 0, 0))
    screen = script.screens[Work.LIST]
    await message.answer(screen["text"], reply_markup=_markup(screen))


async def pressed(callback: CallbackQuery, callback_data: Press, script: Script, ask: Ask) -> None:
    work, screen = callback_data.work, script.screens[callback_data.work]
    await ask(script.statements(work, callback_data.booking, callback_data.student))
    await callback.answer(screen.get("toast"))
    if isinstance(callback.message, Message):
        await callback.message.edit_text(screen["text"], reply_markup=_markup(screen))


async def claimed(handler: Handler, event: TelegramObject, data: dict[str, Any]) -> None:
    """Claim and settle an update of a webhook, which Telegram may send to several programs."""
    script: Script = data["script"]
    ask: Ask = data["ask"]
    if isinstance(event, Update):
        await ask(script.around(Step.CLAIM, event.update_id))
        await handler(event, data)
        await ask(script.around(Step.SETTLE, event.update_id))


def _markup(screen: Screen) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(**button) for button in row]
            for row in screen["reply_markup"]["inline_keyboard"]
        ]
    )


def _router() -> Router:
    router = Router()
    router.message.register(pending, Command("pending"))
    router.callback_query.register(pressed, Press.filter(F.work == Work.CARD))
    router.callback_query.register(pressed, Press.filter(F.work == Work.CONFIRM))
    return router


async def main(token: str, api: str, script: str, port: str | None = None) -> None:
    bot = Bot(
        token,
        session=AiohttpSession(api=TelegramAPIServer.from_base(api)),
        default=DefaultBotProperties(parse_mode=ParseMode.HTML),
    )
    async with pooled(os.environ["DATABASE_URL"]) as pool:
        dispatcher = Dispatcher(script=Script.read(script), ask=partial(play, pool))
        dispatcher.include_router(_router())
        if port is None:
            await dispatcher.start_polling(bot)
            return
        dispatcher.update.outer_middleware(claimed)
        app = web.Application()
        SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path="/")
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(port)).start()
        await bot.set_webhook(f"http://127.0.0.1:{port}/", secret_token=SECRET)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
