"""The program as a process: how it starts and ends, and what it says of wrong variables."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import asyncpg
import pytest
from aiogram.types import (
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)

from bot.app import run
from bot.settings import Settings
from simulator import BotAccount, Telegram
from simulator.chats.menus import menu
from tests.support.databases import connected, read_only
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.programs.program import run_to_the_end, running, stop
from tests.support.school import ANNA_ID, BORIS_ID, MakeBooking
from tests.system.program.variables import Variables

STUDENTS_TOKEN: Final = "1002:student-token-of-the-tests"


async def test_it_brings_its_own_database_and_keeps_what_is_in_it(
    variables: Variables, anna: Person, vera: Person, tmp_path: Path
) -> None:
    async with running(tmp_path, **variables) as first:
        vera.start()
        await vera.hears("Vera, you have no bookings here yet")
        await anna.opens("/bookings", shows="No bookings yet")
        socket = await _its_own_database(tmp_path)
        owner = await asyncpg.connect(user="postgres", host=str(socket), database="postgres")
        await owner.execute("INSERT INTO bookings (user_id, first_name) VALUES (13, 'Vera')")
        await owner.close()
        assert await stop(first) == 0

    async with running(tmp_path, **variables) as second:
        await anna.opens("/bookings", shows="#1 · Vera")
        assert await stop(second) == 0


async def test_the_last_line_says_when_and_why_the_desk_was_closed_and_how_long_it_took(
    variables: Variables, dsn: str, tmp_path: Path
) -> None:
    async with running(tmp_path, **variables, DATABASE_URL=dsn) as program:
        program.terminate()
        logged = await program.rest()

    last = json.loads(logged.splitlines()[-1])
    assert (last["event"], last["reason"]) == ("the desk is closed", "SIGTERM")
    assert 0 <= last["seconds"] < 10
    assert last["timestamp"]


async def test_a_server_that_takes_no_changes_is_said_in_a_line(
    variables: Variables, empty_dsn: str, tmp_path: Path
) -> None:
    async with connected(empty_dsn) as sql:
        await read_only(sql, "on")

    ended = await run_to_the_end(tmp_path, "run", **variables, DATABASE_URL=empty_dsn)

    assert ended.code == 1
    assert ended.complaint.startswith("The database of DATABASE_URL takes no changes")
    assert ended.complaint.count("\n") == 1


async def _its_own_database(directory: Path) -> Path:
    """Return the directory of PostgreSQL's socket, from its `postmaster.pid`."""
    note = (directory / ".data" / "cluster" / "postmaster.pid").read_text()
    return Path(note.splitlines()[4])


async def test_every_old_button_works_after_a_restart(
    settings: Settings, anna: Person, make_booking: MakeBooking
) -> None:
    booking, *_ = [await make_booking() for _ in range(9)]
    async with open_desk(settings):
        await anna.opens("/pending", shows="1 / 2")
    listed, row = anna.screen, anna.row(booking)

    async with open_desk(settings):
        await anna.press("Next", on=listed)
        await anna.sees("2 / 2")
        await anna.forge(row, on=listed).answered()
        await anna.sees(f"Booking #{booking}", "Confirm")


async def test_of_two_bots_the_students_own_welcomes_them(
    telegram: Telegram,
    variables: Variables,
    dsn: str,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    tmp_path: Path,
) -> None:
    students_bot = telegram.add_bot(STUDENTS_TOKEN, username="school_bot", name="School")
    vera_at_school = Person(telegram, students_bot, vera.account)
    vera_at_school.start()
    booking = await make_booking(user_id=vera.id)

    two_bots = {**variables, "DATABASE_URL": dsn, "STUDENT_BOT_TOKEN": STUDENTS_TOKEN}
    async with running(tmp_path, **two_bots) as program:
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await vera_at_school.hears("Vera, welcome!")
        await stop(program)

    polled = {call.bot.username for call in telegram.calls if call.method == "getUpdates"}
    assert vera.inbox == []
    assert polled == {"school_desk_bot"}


@pytest.mark.parametrize(
    ("scope", "language", "commands"),
    [
        (
            BotCommandScopeChat(chat_id=ANNA_ID),
            "en",
            {"pending": "Bookings waiting for a decision", "bookings": "All bookings"},
        ),
        (BotCommandScopeChat(chat_id=ANNA_ID), "ru", {"bookings": "Все заявки"}),
        (BotCommandScopeChat(chat_id=ANNA_ID), "", {"bookings": "All bookings"}),
        (BotCommandScopeAllPrivateChats(), "en", {"start": "My bookings"}),
        (BotCommandScopeAllPrivateChats(), "ru", {"start": "Мои заявки"}),
        (BotCommandScopeAllPrivateChats(), "", {"start": "My bookings"}),
    ],
)
async def test_admins_and_students_see_their_menus_in_their_languages(
    anna: Person,
    desk: None,
    desk_bot: BotAccount,
    scope: BotCommandScopeUnion,
    language: str,
    commands: Mapping[str, str],
) -> None:
    await anna.opens("/start", shows="Booking desk")
    await anna.opens("/pending", shows="Nobody is waiting")

    menu_of_bot = desk_bot.commands[scope.model_dump_json(), language]

    described = {command.command: command.description for command in menu_of_bot}
    assert commands.items() <= described.items()
    assert ("start" in described) == (len(described) == 1)


async def test_whoever_is_no_admin_any_more_is_left_the_menu_of_students(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    boris: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    async with open_desk(settings):
        boris.start()
        await boris.opens(f"/booking {booking}", shows="Ждёт решения")
        await boris.press("Подтвердить")
        await telegram.until(lambda: len(menu(desk_bot, BORIS_ID, "ru")) > 1)

    async with open_desk(settings.model_copy(update={"admin_ids": frozenset({ANNA_ID})})):
        await telegram.until(lambda: len(menu(desk_bot, BORIS_ID, "ru")) == 1)

    assert [command.description for command in menu(desk_bot, BORIS_ID, "ru")] == ["Мои заявки"]
    assert [command.description for command in menu(desk_bot, BORIS_ID, "")] == ["My bookings"]


async def test_a_stop_that_comes_during_the_start_is_a_stop(settings: Settings) -> None:
    stop_at_once = asyncio.Event()
    stop_at_once.set()

    await run(settings, stop=stop_at_once)
