"""A bot with a scrolling list of aiogram-dialog, as in its manual.

The arguments are `page`, or `group` and the number of bookings; the token and the addresses are in
the variables that the desk reads.
"""

import asyncio
import os
import sys
from operator import itemgetter
from typing import Any, Final

import asyncpg
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.kbd import (
    Column,
    CurrentPage,
    FirstPage,
    LastPage,
    NextPage,
    PrevPage,
    Row,
    ScrollingGroup,
    Select,
    StubScroll,
)
from aiogram_dialog.widgets.text import Const, Format

from bot.services.lists.paging import PAGE_SIZE

_NEWEST: Final = """
    SELECT id, first_name, course_stream, confirmed
      FROM bookings
     ORDER BY created_at DESC, id DESC
     LIMIT $1 OFFSET $2
"""
_SCROLL: Final = StubScroll(id="pages", pages="count")
"""The number of the page, for the list whose widget holds only one page."""


class Lists(StatesGroup):
    """A list that is read whole for each page, and one that is read page by page."""

    group = State()
    page = State()


async def all_bookings(pool: asyncpg.Pool, most: int, **_: object) -> dict[str, Any]:
    return {"bookings": await pool.fetch(_NEWEST, most, 0)}


async def one_page(
    dialog_manager: DialogManager, pool: asyncpg.Pool, **_: object
) -> dict[str, Any]:
    number = await _SCROLL.get_page(dialog_manager)
    total = await pool.fetchval("SELECT count(*) FROM bookings")
    bookings = await pool.fetch(_NEWEST, PAGE_SIZE, number * PAGE_SIZE)
    return {"bookings": bookings, "count": -(-total // PAGE_SIZE)}


async def bookings_command(_: Message, dialog_manager: DialogManager, start: State) -> None:
    await dialog_manager.start(start, mode=StartMode.RESET_STACK)


def _dialog() -> Dialog:
    return Dialog(
        Window(
            Const("Bookings"),
            ScrollingGroup(_bookings(), id="group", width=1, height=PAGE_SIZE),
            state=Lists.group,
            getter=all_bookings,
        ),
        Window(
            Const("Bookings"),
            Column(_bookings()),
            _SCROLL,
            Row(
                *(
                    button(_SCROLL)
                    for button in (FirstPage, PrevPage, CurrentPage, NextPage, LastPage)
                )
            ),
            state=Lists.page,
            getter=one_page,
        ),
    )


def _bookings() -> Select[str]:
    return Select(
        Format("{item[first_name]} · {item[course_stream]} · {item[confirmed]}"),
        id="booking",
        item_id_getter=itemgetter("id"),
        items="bookings",
    )


async def main(name: str, most: str = "0") -> None:
    api = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=api))
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1) as pool:
        dispatcher = Dispatcher(pool=pool, most=int(most), start=getattr(Lists, name))
        dispatcher.include_router(_dialog())
        setup_dialogs(dispatcher)
        dispatcher.message.register(bookings_command, Command("bookings"))
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
