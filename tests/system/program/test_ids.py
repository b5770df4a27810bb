"""The log lines of an update, and of a request over HTTP, have its id."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import ClientSession

from simulator import BotAccount, Refuse, Telegram
from tests.support.net.webhook import SECRET, SECRET_HEADER, UPDATE_ID, message
from tests.support.person import Person
from tests.support.programs.processes import free_port
from tests.support.programs.program import Program, read_until, running
from tests.support.school import ANNA_ID, DESK_TOKEN

WHY: Final = "an answer was not taken"


@pytest.fixture
def variables(telegram_url: str, desk_bot: BotAccount, dsn: str) -> Mapping[str, str]:
    return {
        "BOT_TOKEN": DESK_TOKEN,
        "ADMIN_IDS": str(ANNA_ID),
        "DATABASE_URL": dsn,
        "TELEGRAM_API_URL": telegram_url,
    }


async def the_line(program: Program) -> Mapping[str, Any]:
    """Return the log line about an answer that Telegram refused."""
    lines = await read_until(program.stderr, WHY)
    line: Mapping[str, Any] = json.loads(lines[-1])
    return line


async def test_a_line_of_an_update_has_its_id(
    variables: Mapping[str, str], telegram: Telegram, anna: Person, tmp_path: Path
) -> None:
    async with running(tmp_path, **variables) as program:
        await anna.opens("/pending", shows="Nobody is waiting")
        telegram.faults.add(fault=Refuse(400, "no"), method="sendMessage", times=2)

        anna.send("/pending")
        first = await the_line(program)
        anna.send("/pending")
        second = await the_line(program)

    assert second["update_id"] == first["update_id"] + 1


@asynccontextmanager
async def hooked(
    directory: Path, variables: Mapping[str, str]
) -> AsyncIterator[tuple[Program, str]]:
    """Run a desk with a webhook; yield it and its address."""
    url = f"http://127.0.0.1:{free_port()}"
    own = {
        "WEBHOOK_URL": f"{url}/telegram",
        "WEBHOOK_SECRET": SECRET,
        "HTTP_PORT": url.rpartition(":")[2],
    }
    async with running(directory, **variables, **own) as program:
        yield program, url


async def test_a_line_of_a_request_has_the_id_that_the_proxy_gave_or_a_new_one(
    variables: Mapping[str, str], telegram: Telegram, anna: Person, tmp_path: Path
) -> None:
    given: Sequence[str] = ["of-the-proxy_1", "short", "x" * 65, "Vera Secretova"]
    async with hooked(tmp_path, variables) as (program, url), ClientSession() as http:
        await anna.opens("/pending", shows="Nobody is waiting")
        telegram.faults.add(fault=Refuse(400, "no"), method="sendMessage", times=len(given))

        for number, request_id in enumerate(given):
            headers = {SECRET_HEADER: SECRET, "X-Request-Id": request_id}
            update = message("/pending", UPDATE_ID + number)
            async with http.post(f"{url}/telegram", json=update, headers=headers) as answer:
                answered = answer.headers["X-Request-Id"]
            line = await the_line(program)

            assert (line["update_id"], line["request_id"]) == (UPDATE_ID + number, answered)
            assert (answered == request_id) == (number == 0)
        async with http.get(f"{url}/nowhere") as answer:
            assert len(answer.headers["X-Request-Id"]) == 32
