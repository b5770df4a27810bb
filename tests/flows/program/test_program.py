"""The program as a process: how it starts and ends, and what it says of wrong variables."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest
from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError
from aiogram.types import (
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
)
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.app import run
from bot.settings import Settings
from simulator import BotAccount, ProxyError, Refuse, ServerError, Telegram, TooManyRequests
from simulator.chats.menus import menu
from tests.support.databases import connected, read_only
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.programs.program import read_until, run_to_the_end, running, started, stop
from tests.support.school import ANNA_ID, BORIS_ID, DESK_TOKEN, MakeBooking

STUDENTS_TOKEN: Final = "1002:student-token-of-the-tests"
STRANGERS_TOKEN: Final = "1003:token-that-telegram-does-not-know"
SECRET: Final = "password-nobody-may-read"

Variables = Mapping[str, str]


@pytest.fixture
def variables(telegram_url: str, desk_bot: BotAccount) -> Variables:
    """Return the variables of `make run`, and the address of Telegram."""
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "TELEGRAM_API_URL": telegram_url,
        "UNDO_SECONDS": "0",
    }


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
    listed = anna.screen

    async with open_desk(settings):
        await anna.press("Next", on=listed)
        await anna.sees("2 / 2")
        await anna.press(f"#{booking}", on=listed)
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
            {"pending": "Bookings that wait for a decision", "bookings": "All bookings"},
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


async def test_a_malformed_variable_ends_the_start_before_anything_is_made(
    tmp_path: Path,
) -> None:
    async with started(tmp_path, "run", BOT_TOKEN=SECRET, ADMIN_IDS="11") as program:
        logged = await program.rest()
        output = await program.stdout.read()

    assert program.returncode == 2
    assert logged.decode() == (
        "BOT_TOKEN is not valid. "
        "It should be the admins' bot token from @BotFather, such as 123456:ABC-def.\n"
    )
    assert output == b""
    assert entries(tmp_path) == []


def entries(directory: Path) -> list[Path]:
    return list(directory.iterdir())


async def test_a_token_that_telegram_does_not_know_is_said_in_a_line(
    variables: Variables, dsn: str, tmp_path: Path
) -> None:
    mistaken = {**variables, "BOT_TOKEN": STRANGERS_TOKEN}
    ended = await run_to_the_end(tmp_path, "run", **mistaken, DATABASE_URL=dsn)

    assert ended.code == 1
    assert ended.complaint == (
        "Telegram does not know this token. Check BOT_TOKEN and STUDENT_BOT_TOKEN.\n"
    )


async def test_the_students_bot_is_known_to_telegram_before_anybody_is_welcomed(
    settings: Settings,
) -> None:
    mistaken = settings.model_copy(update={"student_bot_token": SecretStr(STRANGERS_TOKEN)})

    with pytest.raises(TelegramUnauthorizedError):
        await run(mistaken, stop=asyncio.Event())


async def test_a_refusal_of_the_first_call_is_an_error_of_telegram(
    settings: Settings, telegram: Telegram
) -> None:
    telegram.faults.add(fault=Refuse(400, "Bad Request: something new"), method="getMe")

    with pytest.raises(TelegramAPIError):
        await run(settings, stop=asyncio.Event())


@pytest.mark.parametrize(
    "fault", [ServerError(502), TooManyRequests(retry_after=1), ProxyError(200), ProxyError(403)]
)
async def test_a_start_without_telegram_is_said_in_a_line_and_goes_on_when_it_is_back(
    settings: Settings,
    telegram: Telegram,
    anna: Person,
    fault: ServerError | TooManyRequests | ProxyError,
) -> None:
    telegram.faults.add(fault=fault, method="getMe")

    with capture_logs() as lines:
        async with open_desk(settings):
            await anna.opens("/pending", shows="Nobody is waiting")

    [line] = [line for line in lines if line["log_level"] != "info"]
    assert line["event"] == "Telegram cannot be reached; trying again"


async def test_a_telegram_out_of_reach_is_waited_for_until_a_stop(
    variables: Variables, dsn: str, tmp_path: Path
) -> None:
    nowhere = {**variables, "TELEGRAM_API_URL": "http://127.0.0.1:9", "DATABASE_URL": dsn}
    async with started(tmp_path, "run", **nowhere) as program:
        read = await read_until(program.stderr, "Telegram cannot be reached")

        assert await stop(program) == 0

    assert "Traceback" not in "".join(read)
    assert_one_line_without_secrets(read[-1])


async def test_a_database_out_of_reach_is_said_in_a_line(
    variables: Variables, tmp_path: Path
) -> None:
    nowhere = f"postgresql://owner:{SECRET}@127.0.0.1:9/school"
    ended = await run_to_the_end(tmp_path, "run", **variables, DATABASE_URL=nowhere)

    assert ended.code == 1
    assert ended.complaint.startswith("PostgreSQL cannot be used: ")
    assert ended.complaint.endswith(" Check DATABASE_URL, or the disk without one.\n")
    assert_one_line_without_secrets(ended.complaint)


async def test_a_role_that_may_not_alter_the_tables_is_said_in_a_line(
    variables: Variables, empty_dsn: str, tmp_path: Path
) -> None:
    role = f"guest_{uuid4().hex}"
    school = await asyncpg.connect(empty_dsn)
    await school.execute(f"CREATE ROLE {role} LOGIN")

    url = empty_dsn.replace("postgres@", f"{role}@")
    ended = await run_to_the_end(tmp_path, "run", **variables, DATABASE_URL=url)

    assert ended.code == 1
    assert ended.complaint.startswith("The desk cannot use this database: guest_")
    assert_one_line_without_secrets(ended.complaint)
    await school.close()


def assert_one_line_without_secrets(complaint: str) -> None:
    assert complaint.count("\n") == 1
    assert SECRET not in complaint
    assert DESK_TOKEN not in complaint
