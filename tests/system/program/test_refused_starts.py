"""A start that cannot succeed says why, in a line."""

import asyncio
import json
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
import pytest
from aiogram.exceptions import TelegramAPIError, TelegramUnauthorizedError
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.app import run
from bot.settings import Settings
from simulator import ProxyError, Refuse, ServerError, Telegram, TooManyRequests
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.programs.program import read_until, run_to_the_end, started, stop
from tests.support.school import DESK_TOKEN
from tests.system.program.variables import Variables

STRANGERS_TOKEN: Final = "1003:token-that-telegram-does-not-know"
SECRET: Final = "password-nobody-may-read"


async def test_a_malformed_variable_ends_the_start_before_anything_is_made(
    tmp_path: Path,
) -> None:
    async with started(tmp_path, "run", BOT_TOKEN=SECRET, ADMIN_IDS="11") as program:
        logged = await program.rest()
        output = await program.stdout.read()

    assert program.returncode == 2
    [line] = map(json.loads, logged.splitlines())
    assert line["level"] == "critical"
    assert line["event"] == (
        "BOT_TOKEN is not valid. "
        "It should be the admins' bot token from @BotFather, such as 123456:ABC-def."
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
