"""Admins use one bot, and students get messages from another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramConflictError
from asyncpg import Connection
from pydantic import SecretStr

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.programs.program import read_until, running, stop
from tests.support.school import ANNA_ID, DESK_TOKEN, MakeBooking

STUDENTS_TOKEN: Final = "1002:student-token-of-the-tests"


@pytest.fixture
def school_bot(telegram: Telegram) -> BotAccount:
    return telegram.add_bot(STUDENTS_TOKEN, username="school_bot", name="School")


@pytest.fixture
def vera(telegram: Telegram, school_bot: BotAccount, vera: Person) -> Person:
    """Return Vera in her chat with the students' bot."""
    return Person(telegram, school_bot, vera.account)


@pytest.fixture
def vera_at_the_desk(telegram: Telegram, desk_bot: BotAccount, vera: Person) -> Person:
    """Return Vera in a chat with the admins' bot."""
    return Person(telegram, desk_bot, vera.account)


@pytest.fixture
def settings(settings: Settings, school_bot: BotAccount) -> Settings:
    return settings.model_copy(
        update={"student_bot_token": SecretStr(STUDENTS_TOKEN), "student_bot_polling": True}
    )


async def confirm_unreached(anna: Person, booking: int) -> None:
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")


async def test_the_students_bot_answers_students_and_nobody_else(
    desk: None, telegram: Telegram, school_bot: BotAccount, anna: Person, vera: Person
) -> None:
    vera.start()
    await vera.hears("Vera, you have no bookings")

    anna_at_school = Person(telegram, school_bot, anna.account)
    await anna_at_school.opens("/pending", shows="I can show you your bookings: /start")


async def test_a_waiting_welcome_arrives_when_the_student_starts_the_students_bot(
    desk: None, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    await confirm_unreached(anna, booking)
    assert "https://t.me/school_bot?start=welcome-" in anna.screen.text

    vera.start()

    await vera.hears("welcome!", "north")
    await anna.finds(f"/booking {booking}", "Welcome delivered")


async def test_a_student_bot_that_the_school_polls_is_only_sent_with(
    settings: Settings, telegram: Telegram, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()

    async with open_desk(settings.model_copy(update={"student_bot_polling": False})):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await vera.hears("welcome!")

    polled = {call.bot.username for call in telegram.calls if call.method == "getUpdates"}
    assert polled == {"school_desk_bot"}


async def test_who_blocks_the_desks_bot_can_still_be_written_to_by_the_students(
    desk: None,
    anna: Person,
    vera: Person,
    vera_at_the_desk: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    vera_at_the_desk.start()
    await vera_at_the_desk.hears("your bookings")

    vera_at_the_desk.block()
    await anna.opens("/pending", shows="1 booking")
    await anna.opens(f"/booking {booking}", shows="Pending")

    assert "has blocked the bot" not in anna.screen.text


async def test_an_admin_who_lets_the_desks_bot_write_again_hears_what_they_missed(
    desk: None, anna: Person, boris: Person, make_booking: MakeBooking, sql: Connection
) -> None:
    await make_booking()
    boris.start()
    await boris.hears("Заявки школы")
    boris.block()
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await until_waiting(sql, boris)

    boris.unblock()

    await boris.hears("Vera: приветствие не дошло")


async def test_an_admin_out_of_the_desks_reach_is_not_out_of_the_students_bots(
    desk: None,
    telegram: Telegram,
    school_bot: BotAccount,
    boris: Person,
    make_booking: MakeBooking,
    sql: Connection,
) -> None:
    await make_booking()
    boris_at_school = Person(telegram, school_bot, boris.account)
    boris_at_school.start()
    await boris_at_school.hears("заявок у вас пока нет")

    await sql.execute("UPDATE bookings SET confirmed = 2")
    await until_waiting(sql, boris)

    known = await sql.fetchval(
        "SELECT reachability FROM booking_desk.people WHERE user_id = $1", boris.id
    )
    assert known == "reachable"


async def until_waiting(sql: Connection, person: Person) -> None:
    question = "SELECT count(*) FROM booking_desk.outbox WHERE chat_id = $1 AND state = 'waiting'"
    await until_true(sql, question, person.id)


async def test_who_starts_the_desks_bot_is_not_back_at_the_students(
    desk: None,
    anna: Person,
    vera: Person,
    vera_at_the_desk: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    vera.block()
    await anna.finds("/pending", "📵 Vera")

    vera_at_the_desk.start()
    await vera_at_the_desk.hears("your bookings")

    await anna.opens(f"/booking {booking}", shows="The student has blocked the bot")


async def test_what_was_delivered_in_the_end_leaves_no_mark_on_the_student(
    settings: Settings, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    """The desk does not learn who starts a bot that it does not poll until it sends."""
    booking = await make_booking()
    async with open_desk(settings.model_copy(update={"student_bot_polling": False})):
        await confirm_unreached(anna, booking)
        vera.start()
        await anna.opens("/outbox", shows="on hold")
        await anna.press("on hold")
        await anna.press(f"#{booking}")
        await anna.press("Send again")
        await vera.hears("welcome!")
        await anna.finds(f"/booking {booking}", "Welcome delivered")

        assert "has not started the bot" not in anna.screen.text


async def test_who_got_a_welcome_can_be_written_to_though_the_desk_never_met_them(
    settings: Settings, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()
    async with open_desk(settings.model_copy(update={"student_bot_polling": False})):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("The student")
        await anna.sees("The bot has not written to them yet")

        await anna.press("Back to the booking")
        await anna.press("Confirm")
        await anna.finds(f"/booking {booking}", "Welcome delivered")
        await anna.press("The student")

        await anna.sees("The bot can write to them")


@asynccontextmanager
async def rival(url: str) -> AsyncIterator[None]:
    """Poll the students' bot as another program, until the block ends."""
    async with AiohttpSession(api=TelegramAPIServer.from_base(url)) as session:
        polling = asyncio.create_task(_poll(Bot(STUDENTS_TOKEN, session)))
        yield
        polling.cancel()
        with suppress(asyncio.CancelledError):
            await polling


async def _poll(bot: Bot) -> None:
    while True:
        with suppress(TelegramConflictError):
            await bot.get_updates(timeout=1)


async def test_a_second_program_at_the_students_bot_is_explained_and_outlasted(
    telegram_url: str,
    school_bot: BotAccount,
    desk_bot: BotAccount,
    dsn: str,
    tmp_path: Path,
    anna: Person,
    vera: Person,
) -> None:
    variables = {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "TELEGRAM_API_URL": telegram_url,
        "DATABASE_URL": dsn,
        "STUDENT_BOT_TOKEN": STUDENTS_TOKEN,
        "STUDENT_BOT_POLLING": "true",
    }
    async with running(tmp_path, **variables) as program:
        async with rival(telegram_url):
            lines = await read_until(program.stderr, "another program polls this bot as well")
            await anna.opens("/pending", shows="Nobody is waiting")
        vera.start()
        await vera.hears("you have no bookings")
        assert await stop(program) == 0

    assert not [line for line in lines if "TelegramConflictError" in line]
    assert not [line for line in lines if "Traceback" in line]
