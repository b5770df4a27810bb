"""A bare aiogram bot as the manual has it: it sends what the desk sends, and knows nothing.

Called with a token, the Bot API's address, the file with the script, and a port for a webhook.
"""

import asyncio
import sys
from collections.abc import Mapping

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import Command
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from benchmarks.pipeline.script import Screen, Script, Work
from benchmarks.stub import SECRET


class Press(CallbackData, prefix="press"):
    """A button."""

    work: Work
    booking: int
    student: int


async def pending(message: Message, screens: Mapping[Work, Screen]) -> None:
    await message.answer(screens[Work.LIST]["text"], reply_markup=_markup(screens[Work.LIST]))


async def card(callback: CallbackQuery, screens: Mapping[Work, Screen]) -> None:
    await callback.answer()
    await _redraw(callback, screens[Work.CARD])


async def confirm(callback: CallbackQuery, screens: Mapping[Work, Screen]) -> None:
    await callback.answer(screens[Work.CONFIRM].get("toast"))
    await _redraw(callback, screens[Work.CONFIRM])


async def _redraw(callback: CallbackQuery, screen: Screen) -> None:
    if isinstance(callback.message, Message):
        await callback.message.edit_text(screen["text"], reply_markup=_markup(screen))


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
    router.callback_query.register(card, Press.filter(F.work == Work.CARD))
    router.callback_query.register(confirm, Press.filter(F.work == Work.CONFIRM))
    return router


async def main(token: str, api: str, script: str, port: str | None = None) -> None:
    bot = Bot(
        token,
        session=AiohttpSession(api=TelegramAPIServer.from_base(api)),
        default=DefaultBotProperties(parse_mode=ParseMode.HTML),
    )
    dispatcher = Dispatcher(screens=Script.read(script).screens)
    dispatcher.include_router(_router())
    if port is None:
        await dispatcher.start_polling(bot)
        return
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=SECRET).register(app, path="/")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    await bot.set_webhook(f"http://127.0.0.1:{port}/", secret_token=SECRET)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
